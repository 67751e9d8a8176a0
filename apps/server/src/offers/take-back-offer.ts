import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { type CaseMoved, logCase, moveCase } from '../relief/index.ts'
import type { OffersContext } from './context.ts'
import { type LockedCase, lockCaseOfOffer } from './lock-case.ts'

export interface TakingBack {
  readonly offerId: number
  /** withdrawn: by its merchant, who had accepted it, which counts as a promise not kept; cancelled: by the desk. */
  readonly as: 'withdrawn' | 'cancelled'
  readonly reason: string
  readonly actorId: number
}

const TAKE_BACK = `
  update offers o set state = $2, ended_at = $3, reason = $4
  from relief_cases c
  where o.id = $1 and c.id = o.case_id and (
    o.state = 'accepted' and c.stage in ('verified', 'offered', 'accepted') or o.state = 'open' and $2 = 'cancelled')
  returning o.merchant_id as "merchantId"`

async function refuse(tx: Queryable, taking: TakingBack): Promise<Refusal | null> {
  const offer = first(await tx.query<{ state: string }>('select state from offers where id = $1', [taking.offerId]))
  if (offer?.state === taking.as) return null
  if (offer?.state === 'accepted') return new Refusal('offers.too_late')
  return new Refusal('offers.answered', { state: offer?.state })
}

/** Moves a case that has lost its only merchant back, to those who still have it on offer or to the desk. */
async function moveBack(tx: Queryable, found: LockedCase, entry: Parameters<typeof logCase>[1]): Promise<CaseMoved[]> {
  const [living] = await tx.query<{ accepted: boolean; open: boolean }>(
    `select coalesce(bool_or(state = 'accepted'), false) as accepted, coalesce(bool_or(state = 'open'), false) as open
     from offers where case_id = $1`,
    [found.id],
  )
  if (found.stage !== 'accepted' || living?.accepted) {
    await logCase(tx, entry)
    return []
  }
  const moved: CaseMoved[] = [
    { caseId: found.id, from: await moveCase(tx, { ...entry, to: 'verified' }), to: 'verified' },
  ]
  if (living?.open) {
    const from = await moveCase(tx, { ...entry, kind: 'offered', note: '', facts: {}, to: 'offered' })
    moved.push({ caseId: found.id, from, to: 'offered' })
  }
  return moved
}

/**
 * Takes an offer back before the inspection begins; its grams are offered on. The same again is no error.
 * @throws Refusal offers.not_found, offers.too_late, offers.answered
 */
export async function takeBackOffer(context: OffersContext, taking: TakingBack): Promise<void> {
  const { db, clock } = context.platform
  const now = clock.now()
  const { offerId, as, reason, actorId } = taking
  const moved = await db.transaction(async (tx): Promise<CaseMoved[]> => {
    const found = await lockCaseOfOffer(tx, offerId)
    if (found === null) throw new Refusal('offers.not_found')
    const taken = first(await tx.query<{ merchantId: number }>(TAKE_BACK, [offerId, as, now, reason]))
    if (!taken) {
      const refusal = await refuse(tx, taking)
      if (refusal) throw refusal
      return []
    }
    const facts = { offerId, merchantId: taken.merchantId }
    return moveBack(tx, found, { caseId: found.id, actorId, now, kind: `offer_${as}`, note: reason, facts })
  })
  context.told(moved)
  context.wake(`offer_${as}`)
}
