import type { MerchantPrice } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { MerchantsContext } from './context.ts'

/** Why these prices cannot stand together, as the code of a refusal; null when they can. */
export function pricesTrouble(prices: readonly MerchantPrice[]): string | null {
  if (prices.some(({ from, until }) => from > until)) return 'merchants.price_term'
  const inOrder = prices.toSorted(
    (a, b) => (a.produceSlug ?? '').localeCompare(b.produceSlug ?? '') || (a.from < b.from ? -1 : 1),
  )
  const overlaps = inOrder.some((price, index) => {
    const before = inOrder[index - 1]
    return before !== undefined && before.produceSlug === price.produceSlug && before.until >= price.from
  })
  return overlaps ? 'merchants.price_twice' : null
}

/**
 * Puts these prices in the place of all that a merchant had.
 * @throws Refusal merchants.not_found, merchants.price_term, merchants.price_twice, merchants.produce_unknown
 */
export async function setPrices(
  context: MerchantsContext,
  merchantId: number,
  prices: readonly MerchantPrice[],
): Promise<void> {
  const trouble = pricesTrouble(prices)
  if (trouble !== null) throw new Refusal(trouble)
  await context.platform.db.transaction(async (tx) => {
    const found = first(await tx.query('select id from merchants where id = $1 for update', [merchantId]))
    if (!found) throw new Refusal('merchants.not_found')
    const unknown = await tx.query<{ slug: string }>(
      'select slug from unnest($1::text[]) s (slug) where slug is not null and not exists (select from produce p where p.slug = s.slug)',
      [prices.map(({ produceSlug }) => produceSlug)],
    )
    if (unknown.length > 0) {
      throw new Refusal('merchants.produce_unknown', { names: unknown.map(({ slug }) => slug).join(', ') })
    }
    await tx.query('delete from merchant_prices where merchant_id = $1', [merchantId])
    await tx.query(
      `insert into merchant_prices (merchant_id, position, produce_slug, fen_per_kg, valid_from, valid_until)
       select $1, p.position - 1, p.slug, p.fen, p.first, p.last
       from rows from (jsonb_to_recordset($2) as ("produceSlug" text, "fenPerKg" int, "from" date, "until" date)) with ordinality
         as p (slug, fen, first, last, position)`,
      [merchantId, JSON.stringify(prices)],
    )
  })
  context.changed(merchantId)
}
