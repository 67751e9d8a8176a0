import type { CountyStatus } from '@chunbo/contract'

/**
 * What is known of the day on which a county's withdrawal from the list was announced: it came on or after the first
 * day and not after the last. Days are YYYY-MM-DD, so they compare as text.
 */
export interface LiftWindow {
  readonly firstDay: string
  readonly lastDay: string
}

/** A row of the register of listed counties. */
export interface Listing {
  /** Year assessed; the announcement followed it. */
  readonly yearLifted: number
  /** False where the year itself could not be confirmed. */
  readonly yearCertain: boolean
  readonly announced: LiftWindow
}

export interface DatedStatus {
  readonly status: CountyStatus
  /** False while the announcement may or may not have come, and after it where the year is uncertain. */
  readonly certain: boolean
}

/** Support went on after the announcement; for a year a county counts as just lifted, and may fall back. */
const JUST_LIFTED_YEARS = 1

function yearsLater(day: string, years: number): string {
  const later = `${Number(day.slice(0, 4)) + years}${day.slice(4)}`
  // 29 February has no counterpart in most years.
  return later.endsWith('02-29') ? `${later.slice(0, 4)}-03-01` : later
}

/**
 * How a county stood on a day. A county counts as listed until the last day on which its announcement can have come;
 * from that day on it is just lifted, and lifted when a year has gone. `listing` is null for a county that was never
 * on the list. What counts for access is membership of the list, not this status.
 */
export function countyStatusOn(listing: Listing | null, day: string): DatedStatus {
  if (!listing) return { status: 'never_listed', certain: true }
  const { firstDay, lastDay } = listing.announced
  if (day < firstDay) return { status: 'listed', certain: true }
  if (day < lastDay) return { status: 'listed', certain: false }
  const status = day < yearsLater(lastDay, JUST_LIFTED_YEARS) ? 'just_lifted' : 'lifted'
  return { status, certain: listing.yearCertain }
}

/** Windows by year, and by year and province where more is known. Read from data/lift-announcements.csv. */
export type LiftWindows = ReadonlyMap<string, LiftWindow>

/** The window of a listing: that of its province where it is known, else that of the country. */
export function liftWindow(windows: LiftWindows, yearLifted: number, provinceCode: number): LiftWindow {
  const found = windows.get(`${yearLifted} ${provinceCode}`) ?? windows.get(`${yearLifted}`)
  if (!found) throw new Error(`no lift announcement is known for ${yearLifted}`)
  return found
}
