import type { Pickup } from '@chunbo/contract'

/** How long a merchant has for a word. */
export const OFFER_MIN = 120
/** Nobody decides over tonnes in less. */
const OFFER_MIN_SHORTEST = 10
const MINUTE_MS = 60_000

/** Until when an offer made now stands: two hours, or half of what the produce's clock still gives where that is less. */
export function offerExpiry(now: Date, spoilsAt: Date | null): Date {
  const halfLeftMs = spoilsAt === null ? Number.POSITIVE_INFINITY : (spoilsAt.getTime() - now.getTime()) / 2
  const termMs = Math.max(OFFER_MIN_SHORTEST * MINUTE_MS, Math.min(OFFER_MIN * MINUTE_MS, Math.floor(halfLeftMs)))
  return new Date(now.getTime() + termMs)
}

/**
 * The pick-ups that are left when fewer grams are accepted than were offered: the first ones stay whole. Where the last would
 * be less than a trip is worth, the one before gives it as much as it can spare.
 */
export function trimPickups(pickups: readonly Pickup[], grams: number, lotMinG: number): Pickup[] {
  const kept: Pickup[] = []
  let left = grams
  for (const { day, grams: offered } of pickups) {
    if (left === 0) break
    kept.push({ day, grams: Math.min(offered, left) })
    left -= Math.min(offered, left)
  }
  const last = kept.at(-1)
  const before = kept.at(-2)
  if (last !== undefined && before !== undefined && last.grams < lotMinG) {
    const room = (pickups[kept.length - 1]?.grams ?? 0) - last.grams
    const moved = Math.min(lotMinG - last.grams, room, Math.max(0, before.grams - lotMinG))
    kept.splice(-2, 2, { ...before, grams: before.grams - moved }, { ...last, grams: last.grams + moved })
  }
  return kept
}
