import type { Urgency } from '@chunbo/contract'

/**
 * How urgent a case is, from what is left of it, the produce's clock and the people behind it: up to 500 for the grams that are
 * lost a day, up to 350 for the days that are left, up to 150 for the households. More grams, fewer days or more households
 * never lower the score. The function relief_urgency of the database says the same, because the board is sorted there.
 */
const GRAMS_POINTS = 500
const DAYS_POINTS = 350
const HOUSEHOLDS_POINTS = 150
/** Full points at 1,000 t a day; fourth root: 100 kg give a tenth, 60 t half. */
const GRAMS_FULL = 1e9
const DAYS_NONE = 30
const HOUSEHOLDS_FULL = 2500
/** What has no clock is spread over a year. */
const KEEPS_DAYS = 365
const DAY_MS = 86_400_000

export interface UrgencyFacts {
  /** Grams that are not sold yet. */
  readonly leftG: number
  readonly spoilsAt: Date | null
  readonly households: number | null
}

/** The urgency at an instant, with the parts that explain it. */
export function urgencyOf({ leftG, spoilsAt, households }: UrgencyFacts, now: Date): Urgency {
  const daysLeft = spoilsAt && Math.max(0, Math.floor((spoilsAt.getTime() - now.getTime()) / DAY_MS))
  const gramsAtRiskPerDay = Math.ceil(Math.max(0, leftG) / Math.max(1, daysLeft ?? KEEPS_DAYS))
  const byGrams = Math.floor(GRAMS_POINTS * Math.sqrt(Math.sqrt(Math.min(1, gramsAtRiskPerDay / GRAMS_FULL))))
  const byDays = Math.floor((DAYS_POINTS * (DAYS_NONE - Math.min(DAYS_NONE, daysLeft ?? DAYS_NONE))) / DAYS_NONE)
  const byHouseholds = Math.floor(HOUSEHOLDS_POINTS * Math.sqrt(Math.min(1, (households ?? 0) / HOUSEHOLDS_FULL)))
  return { gramsAtRiskPerDay, daysLeft, households, score: byGrams + byDays + byHouseholds }
}
