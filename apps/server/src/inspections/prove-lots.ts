import type { Grade } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { InspectionsContext } from './context.ts'

interface Proof {
  readonly id: string
  readonly at: Date
  readonly grade: Grade
  readonly certificate: string | null
}

const onLot = (proof: Proof) =>
  proof.certificate === null ? null : { grade: proof.grade, at: proof.at, certificate: proof.certificate }

/**
 * Puts a signed inspection's grade and certificate on a lot that is made of its batch. The caller holds the lock of the case,
 * under which corrections are signed too, so the one that stands is found. Gives what is to be called after the commit.
 * @throws Refusal inspections.not_found when it has not passed
 */
export async function proveLot(
  context: Pick<InspectionsContext, 'catalogue'>,
  tx: Queryable,
  lot: { readonly shopId: number; readonly lotId: number },
  inspectionId: string,
): Promise<() => void> {
  const proof = first(
    await tx.query<Proof>(
      `with recursive chain as (
         select id, 0 as depth from inspections where id = $1
         union all select i.id, c.depth + 1 from chain c join inspections i on i.corrects = c.id and i.state = 'signed'
       )
       select i.id, i.signed_at as at, i.grade, i.certificate from chain c join inspections i on i.id = c.id
       where i.state = 'signed' order by c.depth desc limit 1`,
      [inspectionId],
    ),
  )
  if (!proof?.certificate) throw new Refusal('inspections.not_found')
  await tx.query(
    `insert into lot_inspections (shop_id, lot_id, inspection_id) values ($1, $2, $3)
     on conflict (shop_id, lot_id) do update set inspection_id = excluded.inspection_id`,
    [lot.shopId, lot.lotId, proof.id],
  )
  return context.catalogue.proveLot(tx, lot, onLot(proof))
}

/** A signed correction takes the place of what it puts right on every lot; one that fails takes the proof away and the goods off sale. */
export async function replaceOnLots(
  context: InspectionsContext,
  tx: Queryable,
  proof: Proof & { readonly corrects: string | null },
): Promise<(() => void)[]> {
  if (proof.corrects === null) return []
  const lots = await tx.query<{ shopId: number; lotId: number }>(
    `update lot_inspections set inspection_id = $2 where inspection_id = $1 returning shop_id as "shopId", lot_id as "lotId"`,
    [proof.corrects, proof.id],
  )
  const tell: (() => void)[] = []
  for (const lot of lots.sort((a, b) => a.shopId - b.shopId || a.lotId - b.lotId)) {
    tell.push(await context.catalogue.proveLot(tx, lot, onLot(proof)))
  }
  return tell
}
