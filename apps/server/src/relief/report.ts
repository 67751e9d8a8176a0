import { type AlertContact, type AlertQuantity, type AlertSource, readQuantity, sayQuantity } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import { isOnLand } from './land.ts'

/** What a report says of the produce, its place and its time, however it came. */
export interface ReportFacts {
  readonly produceSlug: string | null
  readonly produceText?: string
  readonly countyCode: number
  readonly township?: string
  readonly village?: string
  readonly lngE5?: number | null
  readonly latE5?: number | null
  readonly harvestFrom: string
  readonly harvestTo: string
  readonly pickedOn: string | null
  readonly floorFenPerKg?: number | null
  readonly households?: number | null
  readonly words?: string
}

/** A report that is ready to open a case. */
export interface Report {
  readonly facts: ReportFacts
  readonly source: AlertSource
  /** Who numbers the reports by `key`; empty for the form, whose keys are UUIDs. */
  readonly sourceName: string
  readonly key: string
  readonly quantityText: string
  readonly grams: number
  readonly pictures: readonly string[]
  readonly contact: AlertContact | null
  readonly reporterId: number | null
}

const DAY_MS = 86_400_000
/** Farther back or ahead is a slip in the year. */
const FARTHEST_DAYS = 400
const CHINA_AHEAD_MS = 8 * 3_600_000

/** The day it is in China, YYYY-MM-DD: harvests are counted in the farmer's days. */
export const dayInChina = (now: Date): string => new Date(now.getTime() + CHINA_AHEAD_MS).toISOString().slice(0, 10)

const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)

/** Whether a YYYY-MM-DD is in the calendar: the 31st of February is not. */
export function isRealDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === day
}

function refuseDay(path: string): Refusal {
  return new Refusal('request.invalid', {}, { fields: [{ path, message: 'no day of the calendar' }] })
}

function checkTimes(facts: ReportFacts, today: string): Refusal | null {
  const { harvestFrom, harvestTo, pickedOn } = facts
  if (!isRealDay(harvestFrom)) return refuseDay('/harvestFrom')
  if (!isRealDay(harvestTo)) return refuseDay('/harvestTo')
  const lasts = daysBetween(harvestFrom, harvestTo)
  if (lasts < 0 || lasts > FARTHEST_DAYS) return new Refusal('relief.harvest_order')
  if (Math.abs(daysBetween(today, harvestFrom)) > FARTHEST_DAYS) return new Refusal('relief.harvest_too_far')
  if (pickedOn === null) return harvestTo < today ? new Refusal('relief.harvest_over', { harvestTo }) : null
  if (!isRealDay(pickedOn)) return refuseDay('/pickedOn')
  if (pickedOn > today) return new Refusal('relief.picked_in_future')
  return daysBetween(pickedOn, today) > FARTHEST_DAYS ? new Refusal('relief.harvest_too_far') : null
}

function checkPoint({ lngE5, latE5 }: ReportFacts): Refusal | null {
  const hasLng = typeof lngE5 === 'number'
  const hasLat = typeof latE5 === 'number'
  if (!hasLng && !hasLat) return null
  return hasLng && hasLat && isOnLand(lngE5, latE5) ? null : new Refusal('relief.place_outside')
}

/** Why a report cannot be taken, by what it says alone; null when it can. `today` is the day in China. */
export function checkReport(facts: ReportFacts, today: string): Refusal | null {
  if (facts.produceSlug === null && !facts.produceText?.trim()) return new Refusal('relief.produce_needed')
  return checkPoint(facts) ?? checkTimes(facts, today)
}

/** A said quantity as it is kept. @throws Refusal relief.unit_no_mass and the others of readQuantity */
export function takeQuantity(said: AlertQuantity): { grams: number; quantityText: string } {
  const read = readQuantity(said)
  if ('refused' in read) throw new Refusal(`relief.${read.refused}`, { unit: said.unit.trim() })
  return { grams: read.grams, quantityText: sayQuantity(said) }
}
