/** Text in an iCalendar file: commas, semicolons, backslashes and line ends are escaped (RFC 5545, 3.3.11). */
const escapeText = (text: string) => text.replace(/[\\;,]/g, (char) => `\\${char}`).replace(/\r?\n/g, '\\n')
const stamp = (at: Date) => at.toISOString().replace(/[-:]|\.\d{3}/g, '')
const LENGTH_MS = 2 * 3_600_000

/** An iCalendar event as a data address: the show, two hours long, with a reminder ten minutes before. */
export function calendarHref(show: { title: string; startsAt: string; url: string; id: number }): string {
  const start = new Date(show.startsAt)
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Chunbo//room//EN',
    'BEGIN:VEVENT',
    `UID:room-${show.id}@chunbo`,
    `DTSTAMP:${stamp(start)}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(new Date(start.getTime() + LENGTH_MS))}`,
    `SUMMARY:${escapeText(show.title)}`,
    `DESCRIPTION:${escapeText(show.url)}`,
    `URL:${show.url}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escapeText(show.title)}`,
    'TRIGGER:-PT10M',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return `data:text/calendar;charset=utf-8,${encodeURIComponent(`${lines.join('\r\n')}\r\n`)}`
}
