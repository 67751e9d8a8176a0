import { logCase } from '../relief/index.ts'
import type { OffersContext } from './context.ts'
import { lockCase } from './lock-case.ts'

/** Cases whose offers one run of the job ends, at most; the rest is for the next. */
const CASES_MAX = 1_000

/** Ends every open offer whose time is over, so that the match goes on to the next best. Gives how many. */
export async function expireOffers(context: OffersContext): Promise<number> {
  const { db, clock } = context.platform
  const now = clock.now()
  const due = await db.query<{ caseId: number }>(
    `select distinct case_id as "caseId" from offers where state = 'open' and expires_at <= $1 order by 1 limit ${CASES_MAX}`,
    [now],
  )
  let expired = 0
  for (const { caseId } of due) {
    expired += await db.transaction(async (tx) => {
      await lockCase(tx, caseId)
      const ended = await tx.query<{ id: number; merchantId: number }>(
        `update offers set state = 'expired', ended_at = $2 where case_id = $1 and state = 'open' and expires_at <= $2
         returning id, merchant_id as "merchantId"`,
        [caseId, now],
      )
      for (const { id: offerId, merchantId } of ended) {
        await logCase(tx, { caseId, actorId: null, now, kind: 'offer_expired', facts: { offerId, merchantId } })
      }
      return ended.length
    })
  }
  if (expired > 0) context.wake('offer_expired')
  return expired
}
