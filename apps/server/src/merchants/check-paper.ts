import { Refusal } from '../platform/problem.ts'
import type { MerchantsContext } from './context.ts'

/**
 * Writes down that somebody of the desk has seen a paper, and whether it holds. A later look replaces an earlier one. A good
 * paper ends the renewal of the older ones of its kind.
 * @throws Refusal merchants.paper_not_found
 */
export async function checkPaper(
  context: MerchantsContext,
  paper: { readonly merchantId: number; readonly paperId: number },
  check: { readonly holds: boolean; readonly note?: string },
  actorId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const changed = await db.query(
    `with seen as (
       update merchant_papers set checked_by = $3, checked_at = $4, holds = $5, note = $6
       where id = $2 and merchant_id = $1 returning id, merchant_id, kind, valid_until
     ), done as (
       update merchant_renewals r set done_at = $4
       from seen, merchant_papers older
       where $5 and r.done_at is null and older.id = r.paper_id and older.merchant_id = seen.merchant_id
         and older.kind = seen.kind and older.valid_until < seen.valid_until
     )
     select id from seen`,
    [paper.merchantId, paper.paperId, actorId, clock.now(), check.holds, check.note ?? ''],
  )
  if (changed.length === 0) throw new Refusal('merchants.paper_not_found')
  context.changed(paper.merchantId)
}
