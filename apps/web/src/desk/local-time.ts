/** Between an instant (UTC) and what a datetime-local field of the reader's own zone holds. */

const two = (n: number) => String(n).padStart(2, '0')

/** "2026-03-14T19:30" in the reader's zone. `atMs` in ms since 1970. */
export function toLocalField(atMs: number): string {
  const at = new Date(atMs)
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** The instant in ms of what the field holds; undefined while it holds none. */
export function fromLocalField(text: string): number | undefined {
  const atMs = Date.parse(text)
  return text === '' || Number.isNaN(atMs) ? undefined : atMs
}

/** The reader's zone by name and offset: "Asia/Shanghai (UTC+8)". */
export function zoneName(now: Date): string {
  const minutes = -now.getTimezoneOffset()
  const rest = Math.abs(minutes) % 60
  const offset = `UTC${minutes < 0 ? '-' : '+'}${Math.trunc(Math.abs(minutes) / 60)}${rest ? `:${two(rest)}` : ''}`
  return `${Intl.DateTimeFormat().resolvedOptions().timeZone} (${offset})`
}

/** The next full hour at least 30 minutes away, as a first proposal for a show. */
export function proposedStart(nowMs: number): number {
  const hourMs = 3_600_000
  return Math.ceil((nowMs + hourMs / 2) / hourMs) * hourMs
}
