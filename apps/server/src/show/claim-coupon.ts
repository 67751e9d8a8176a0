import type { ClaimedCoupon } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import { readVisibleDrop } from './visible-drop.ts'

/** Drops remembered as standing in a room that sells. */
const KNOWN_MAX = 1_000

/**
 * Gives the function that takes a coupon of a drop for a buyer. In a rehearsal nothing is given; in which room a drop stands never changes, so that is
 * looked up once, and the thousands behind the first go straight to the gathering of claims.
 */
export function createClaimCoupon(context: ShowContext): (dropId: number, userId: number) => Promise<ClaimedCoupon> {
  const known = new Set<number>()
  return async (dropId, userId) => {
    if (!known.has(dropId)) {
      const { practice } = await readVisibleDrop(context, dropId, userId)
      if (practice) throw new Refusal('show.practice_gives_nothing')
      if (known.size >= KNOWN_MAX) known.clear()
      known.add(dropId)
    }
    return context.orders.claimCoupon(dropId, userId)
  }
}
