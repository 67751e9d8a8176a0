import { FAN_RULES, type FanKind, pointsFor } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { chinaDay } from './age.ts'
import type { AudienceContext } from './context.ts'

/** Something that brings points. The same ref of a kind counts once, ever. `units`: times, units of watching, or fen paid. */
export interface Deed {
  readonly userId: number
  readonly countyCode: number
  readonly kind: FanKind
  readonly ref: string
  readonly units: number
}

/** Deeds in one statement. */
const BATCH_MAX = 2_000

/**
 * Writes points into the ledger and their sums, by the table of the contract: each deed once, and no more of a kind than its day allows.
 * In the caller's transaction when there is one.
 */
export async function addPoints(
  { platform, fans }: Pick<AudienceContext, 'platform' | 'fans'>,
  deeds: readonly Deed[],
  db: Queryable = platform.db,
): Promise<void> {
  const at = platform.clock.now()
  const worth = deeds.flatMap((deed) => {
    const points = pointsFor(deed.kind, deed.units)
    return points > 0 ? [{ ...deed, points }] : []
  })
  for (let from = 0; from < worth.length; from += BATCH_MAX) {
    const batch = worth.slice(from, from + BATCH_MAX)
    const sums = await db.query<{ userId: number; countyCode: number; points: number }>(
      `select user_id as "userId", county_code as "countyCode", points
       from add_fan_points($1::bigint[], $2::int[], $3::text[], $4::text[], $5::int[], $6::int[], $7::date, $8::timestamptz)`,
      [
        batch.map(({ userId }) => userId),
        batch.map(({ countyCode }) => countyCode),
        batch.map(({ kind }) => kind),
        batch.map(({ ref }) => ref),
        batch.map(({ points }) => points),
        batch.map(({ kind }) => FAN_RULES[kind].dayMax),
        chinaDay(at),
        at,
      ],
      'audience-add-points',
    )
    for (const { userId, countyCode, points } of sums) fans.scored(userId, countyCode, points)
  }
}
