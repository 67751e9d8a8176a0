import { first, type Queryable } from '../platform/database.ts'

/** The road from the field to the buyer, in days, where nothing nearer is known. */
export const TRANSIT_DAYS = 3
/** What keeps as long as this has no clock. */
const KEEPS_DAYS = 365

const DAY_MS = 86_400_000
/** Days are the farmer's; China is eight hours ahead of UTC all year. */
const CHINA_AHEAD_MS = 8 * 3_600_000

/** Shelf life in days by table produce; null where a handling is unknown or not needed. */
export interface ProduceLife {
  readonly ambientDays: number | null
  readonly coldDays: number | null
}

export interface ClockFacts {
  readonly harvestTo: string
  /** Null while it is on the plant. */
  readonly pickedOn: string | null
  readonly needsCold?: boolean
}

/**
 * Days that a harvest lives after picking under the handling that it needs: cold where the case says so, and where its life in
 * the open does not outlast the road (peas live 1 day warm and 7 cold, so nobody sends them warm). Always the lower bound.
 * Null where nothing is known.
 */
export function shelfLifeDays(life: ProduceLife, needsCold: boolean, transitDays = TRANSIT_DAYS): number | null {
  const { ambientDays, coldDays } = life
  const warmOutlastsRoad = ambientDays !== null && ambientDays > transitDays
  return needsCold || !warmOutlastsRoad ? (coldDays ?? ambientDays) : ambientDays
}

const endOfDay = (day: string, daysLater: number) =>
  Date.parse(`${day}T00:00:00Z`) + (daysLater + 1) * DAY_MS - CHINA_AHEAD_MS - 1

/**
 * The produce's clock: the last instant, the end of a day in China, at which a sale still makes sense. It is the earlier of
 * the harvest's end and of picking plus shelf life less the road.
 *
 * - Still on the plant: the harvest's end counts alone. What is sold on the last day is picked for that order and lives through
 *   the road afterwards; merchants whose road is longer than its life are refused by the matching, not by the clock.
 * - Picked, and the harvest was over by then: only its life counts, since nothing is on the plant any more.
 * - A life shorter than the road ends on the day of picking: that can be sold nearby or not at all.
 * - Null for what keeps for a year and longer, and for what is picked and has no days in the table.
 */
export function produceClock(life: ProduceLife, facts: ClockFacts, transitDays = TRANSIT_DAYS): Date | null {
  const lifeDays = shelfLifeDays(life, facts.needsCold ?? false, transitDays)
  if (lifeDays !== null && lifeDays >= KEEPS_DAYS) return null
  const { harvestTo, pickedOn } = facts
  if (pickedOn === null) return new Date(endOfDay(harvestTo, 0))
  if (lifeDays === null) return null
  const pickedEnds = endOfDay(pickedOn, Math.max(0, lifeDays - transitDays))
  return new Date(harvestTo > pickedOn ? Math.min(endOfDay(harvestTo, 0), pickedEnds) : pickedEnds)
}

/** The clock of a case by the table of produce; a produce of the reporter's own word is nowhere in it. */
export async function readProduceClock(
  db: Queryable,
  facts: ClockFacts & { readonly produceSlug: string | null },
): Promise<Date | null> {
  const life = first(
    await db.query<ProduceLife>(
      'select ambient_days_min as "ambientDays", cold_days_min as "coldDays" from produce where slug = $1',
      [facts.produceSlug],
    ),
  )
  return produceClock(life ?? { ambientDays: null, coldDays: null }, facts)
}
