import type { AgeBand } from '@chunbo/contract'

/** What is known of somebody's age. `birthMonth` is YYYY-MM; `minor` is an operator's word where the birth is not known. */
export interface KnownAge {
  readonly birthMonth: string | null
  readonly minor: boolean
  readonly guardianConsent: boolean
}
export const AGE_UNKNOWN: KnownAge = { birthMonth: null, minor: false, guardianConsent: false }

const YEARS_MAX = 130
const monthsOf = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7))

/** Whole years on a day (YYYY-MM-DD in China). Only the month is known, so a year counts from the end of the month of birth. */
export function yearsOld(birthMonth: string, today: string): number {
  return Math.floor((monthsOf(today) - monthsOf(birthMonth) - 1) / 12)
}

/** Whether somebody can have been born in this month. */
export function isPossibleBirth(birthMonth: string, today: string): boolean {
  const months = monthsOf(today) - monthsOf(birthMonth)
  return months >= 0 && months <= YEARS_MAX * 12
}

/** Who has said nothing is taken for an adult, as shops do; a minor of unknown age for the youngest. */
export function bandOf(age: KnownAge, today: string): AgeBand {
  if (age.birthMonth === null) return age.minor ? 'under_14' : 'adult'
  const years = yearsOld(age.birthMonth, today)
  if (years < 14) return 'under_14'
  if (years < 16) return 'under_16'
  return years < 18 ? 'under_18' : 'adult'
}

/** What the law lets an account do; see the table of duties in docs/live-room.md. */
export interface Leave {
  /** To stand before the camera and to run a room: from 16, below 18 with a guardian's consent (网络直播营销管理办法 art. 17). */
  readonly host: boolean
  /** To speak where others read it, to follow and collect points: each makes personal data, which below 14 needs a guardian's consent (个人信息保护法 art. 31). */
  readonly chat: boolean
  readonly follow: boolean
  /** To enter lucky draws: from 18. No law that we know asks for it; a game of chance that sells things is no place for minors. */
  readonly draw: boolean
}

export function leaveOf(age: KnownAge, today: string): Leave {
  const band = bandOf(age, today)
  const known = band !== 'under_14' || age.guardianConsent
  const host = band === 'adult' || (band === 'under_18' && age.guardianConsent)
  return { host, chat: known, follow: known, draw: band === 'adult' }
}

/** The calendar day in China, YYYY-MM-DD. */
export function chinaDay(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
}
