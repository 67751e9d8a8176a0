import { chinaDay } from './age.ts'

/** What a text message needs of a show. */
export interface ShowFacts {
  readonly titleZh: string
  readonly titleEn: string
  readonly hostName: string
  readonly county: string
  readonly scheduledAt: Date
  readonly onAir: boolean
  readonly link: string
}

const LENGTH_MAX = 500
/** The clock in China, HH:MM. */
const chinaClock = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(11, 16)

/** The text message before a show, at most 500 characters. Times are of China, and say so in English. */
export function sayReminder(show: ShowFacts, locale: 'zh' | 'en'): string {
  const clock = chinaClock(show.scheduledAt)
  if (locale === 'en') {
    const when = show.onAir ? 'is on air' : `begins at ${clock} (China, ${chinaDay(show.scheduledAt)})`
    return `[Chunbo] "${show.titleEn || show.titleZh}" ${when}. Watch: ${show.link}`.slice(0, LENGTH_MAX)
  }
  const when = show.onAir ? '已经开播' : `${clock} 开播`
  return `【春播】您预约的“${show.titleZh}”（${show.county} ${show.hostName}）${when}，观看：${show.link}`.slice(
    0,
    LENGTH_MAX,
  )
}
