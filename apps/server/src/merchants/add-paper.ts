import type { PaperInput } from '@chunbo/contract'
import { first, one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { chinaDay } from './china-day.ts'
import type { MerchantsContext } from './context.ts'

/** Papers that are kept of a merchant, old ones too. */
const PAPERS_MAX = 100

/**
 * Adds a paper, which counts once the desk has seen it; gives its id.
 * @throws Refusal merchants.not_found, merchants.paper_past, merchants.papers_full, merchants.picture_unknown
 */
export async function addPaper(
  context: MerchantsContext,
  merchantId: number,
  input: PaperInput,
  actorId: number,
): Promise<number> {
  const { db, clock } = context.platform
  const now = clock.now()
  if (input.validUntil < chinaDay(now)) throw new Refusal('merchants.paper_past')
  return db.transaction(async (tx) => {
    const found = first(await tx.query('select id from merchants where id = $1 for update', [merchantId]))
    if (!found) throw new Refusal('merchants.not_found')
    const { count, pictured } = one(
      await tx.query<{ count: number; pictured: boolean }>(
        `select (select count(*) from merchant_papers where merchant_id = $1) as count,
           $2::uuid is null or exists (select from pictures where id = $2) as pictured`,
        [merchantId, input.pictureId],
      ),
    )
    if (count >= PAPERS_MAX) throw new Refusal('merchants.papers_full', { max: PAPERS_MAX })
    if (!pictured) throw new Refusal('merchants.picture_unknown')
    const made = one(
      await tx.query<{ id: number }>(
        `insert into merchant_papers (merchant_id, kind, number, picture_id, valid_until, added_by, added_at)
         values ($1, $2, $3, $4, $5, $6, $7) returning id`,
        [merchantId, input.kind, input.number, input.pictureId, input.validUntil, actorId, now],
      ),
    )
    return made.id
  })
}
