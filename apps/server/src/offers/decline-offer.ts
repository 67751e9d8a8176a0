import type { OfferState } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { logCase } from '../relief/index.ts'
import type { OffersContext } from './context.ts'
import { lockCaseOfOffer } from './lock-case.ts'

/**
 * Declines an open offer with a reason; the match then goes on to the next best. The same again is no error.
 * @throws Refusal offers.not_found, offers.expired, offers.answered
 */
export async function declineOffer(
  context: OffersContext,
  offerId: number,
  reason: string,
  actorId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const now = clock.now()
  await db.transaction(async (tx) => {
    const found = await lockCaseOfOffer(tx, offerId)
    if (found === null) throw new Refusal('offers.not_found')
    const declined = first(
      await tx.query<{ merchantId: number }>(
        `update offers set state = 'declined', answered_at = $2, answered_by = $3, reason = $4
         where id = $1 and state = 'open' and expires_at > $2 returning merchant_id as "merchantId"`,
        [offerId, now, actorId, reason],
      ),
    )
    if (declined) {
      const facts = { offerId, merchantId: declined.merchantId }
      return logCase(tx, { caseId: found.id, actorId, now, kind: 'offer_declined', note: reason, facts })
    }
    const offer = first(await tx.query<{ state: OfferState }>('select state from offers where id = $1', [offerId]))
    if (offer?.state === 'open' || offer?.state === 'expired') throw new Refusal('offers.expired')
    if (offer?.state !== 'declined') throw new Refusal('offers.answered', { state: offer?.state })
  })
  context.wake('offer_declined')
}
