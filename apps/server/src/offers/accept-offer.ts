import type { OfferState, Pickup } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { type CaseMoved, logCase, moveCase } from '../relief/index.ts'
import type { OffersContext } from './context.ts'
import { type LockedCase, lockCaseOfOffer } from './lock-case.ts'
import { trimPickups } from './offer-term.ts'

interface Standing {
  readonly merchantId: number
  readonly state: OfferState
  readonly grams: number
  readonly leastG: number
  readonly acceptedG: number | null
  readonly pickups: readonly Pickup[]
  readonly expired: boolean
  /** Of the case, what nobody has accepted. */
  readonly leftG: number
  readonly merchants: number
}

const STANDING = `
  select o.merchant_id as "merchantId", o.state, o.grams, o.least_g as "leastG", o.accepted_g as "acceptedG", o.pickups,
    o.expires_at <= $2 as expired,
    c.grams - (select coalesce(sum(x.accepted_g), 0) from offers x where x.case_id = c.id and x.state = 'accepted')::bigint
      as "leftG",
    (select count(*) from offers x where x.case_id = c.id and x.state = 'accepted') as merchants
  from offers o join relief_cases c on c.id = o.case_id where o.id = $1`

// The conditions stand in the update itself: who is late by a moment, or second to the last grams, changes no row.
const ACCEPT = `
  update offers o set state = 'accepted', accepted_g = $2, answered_at = $3, answered_by = $4, pickups = $5
  from relief_cases c
  where o.id = $1 and c.id = o.case_id and c.stage in ('verified', 'offered', 'accepted')
    and o.state = 'open' and o.expires_at > $3 and $2 between o.least_g and o.grams
    and $2 <= c.grams - (select coalesce(sum(x.accepted_g), 0) from offers x where x.case_id = c.id and x.state = 'accepted')
    and c.merchants_max > (select count(*) from offers x where x.case_id = c.id and x.state = 'accepted')
  returning o.id`

/** Why an offer cannot be accepted as it stands. */
function refuse(found: LockedCase, offer: Standing, grams: number): Refusal {
  if (offer.state === 'expired' || (offer.state === 'open' && offer.expired)) return new Refusal('offers.expired')
  if (offer.state !== 'open') return new Refusal('offers.answered', { state: offer.state })
  if (!['verified', 'offered', 'accepted'].includes(found.stage)) return new Refusal('offers.case_closed')
  if (offer.merchants >= found.merchantsMax) return new Refusal('offers.merchants_max', { max: found.merchantsMax })
  if (grams < offer.leastG) return new Refusal('offers.too_few', { leastG: offer.leastG })
  if (grams > offer.grams) return new Refusal('offers.too_many', { grams: offer.grams })
  return new Refusal('offers.taken', { leftG: offer.leftG })
}

/** Takes back the open offers of a case of which not enough is left, or which has all the merchants it may have. */
async function closeUseless(tx: Queryable, caseId: number, now: Date): Promise<void> {
  await tx.query(
    `update offers o set state = 'cancelled', ended_at = $2, reason = 'all_given'
     from relief_cases c
     where c.id = $1 and o.case_id = c.id and o.state = 'open' and (
       o.least_g > c.grams - (select coalesce(sum(x.accepted_g), 0) from offers x where x.case_id = $1 and x.state = 'accepted')
       or c.merchants_max <= (select count(*) from offers x where x.case_id = $1 and x.state = 'accepted'))`,
    [caseId, now],
  )
}

/**
 * Accepts an offer, whole or in part, for its merchant. With the first acceptance the case has its merchant and moves on to
 * the inspection; what is left of it is offered on. The same again does nothing more and is no error.
 * @throws Refusal offers.not_found, expired, answered, case_closed, merchants_max, too_few, too_many, taken
 */
export async function acceptOffer(
  context: OffersContext,
  offerId: number,
  grams: number,
  actorId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const now = clock.now()
  const moved = await db.transaction(async (tx): Promise<CaseMoved[]> => {
    const found = await lockCaseOfOffer(tx, offerId)
    const offer = first(await tx.query<Standing>(STANDING, [offerId, now]))
    if (found === null || offer === null) throw new Refusal('offers.not_found')
    if (offer.state === 'accepted' && offer.acceptedG === grams) return []
    const pickups = trimPickups(offer.pickups, grams, offer.leastG)
    const accepted = await tx.query(ACCEPT, [offerId, grams, now, actorId, JSON.stringify(pickups)])
    if (accepted.length === 0) throw refuse(found, offer, grams)
    await closeUseless(tx, found.id, now)
    const entry = {
      caseId: found.id,
      actorId,
      now,
      kind: 'offer_accepted',
      facts: { offerId, merchantId: offer.merchantId, grams },
    }
    if (found.stage === 'accepted') {
      await logCase(tx, entry)
      return []
    }
    const from = await moveCase(tx, { ...entry, to: 'accepted' })
    return [{ caseId: found.id, from, to: 'accepted' }]
  })
  context.told(moved)
  context.wake('offer_accepted')
}
