import type { SkuCard } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { CARD_COLUMNS, CARD_TABLES, type CardRow, toCard } from './sku-cards.ts'

export interface SkuListQuery {
  /** new: last put on sale first. sold: most packs sold first. */
  readonly sort: 'new' | 'sold'
  readonly countyCode: number | null
  readonly shopId: number | null
  readonly cursor: string | null
  readonly limit: number
}

interface Position {
  readonly value: string
  readonly id: number
}

/** The column a list is sorted by; the id settles equal ones. */
const SORT = {
  new: { column: 'k.published_at', type: 'timestamptz' },
  sold: { column: 'k.sold_packs', type: 'int' },
} as const

/** A cursor names its own sort, so that one of another list is refused instead of giving a wrong page. */
function encodeCursor(sort: SkuListQuery['sort'], position: Position): string {
  return Buffer.from(`${sort}|${position.value}|${position.id}`).toString('base64url')
}

const CURSOR = {
  new: /^new\|(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z)\|(\d{1,15})$/,
  sold: /^sold\|(\d{1,9})\|(\d{1,15})$/,
}

function decodeCursor(sort: SkuListQuery['sort'], cursor: string): Position {
  const match = CURSOR[sort].exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  const [, value, id] = match ?? []
  const real = value !== undefined && (sort === 'sold' || !Number.isNaN(Date.parse(value)))
  if (!real || id === undefined) throw new Refusal('catalogue.cursor_invalid')
  return { value, id: Number(id) }
}

/**
 * A page of what is on sale. The page is cut from the partial index before anything is joined, so its price does not grow
 * with the catalogue. When packs are sold between two pages of the sold list, a SKU may come twice or not at all.
 * @throws Refusal catalogue.cursor_invalid
 */
export async function listSkus(db: Queryable, query: SkuListQuery): Promise<{ items: SkuCard[]; next: string | null }> {
  const { column, type } = SORT[query.sort]
  const after = query.cursor === null ? null : decodeCursor(query.sort, query.cursor)
  const text =
    query.sort === 'new' ? `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` : `${column}::text`
  // The conditions that are not asked for are left out of the text, so that each kind of list has its own best plan.
  const values: (string | number)[] = [query.limit + 1]
  const bind = (value: string | number) => `$${values.push(value)}`
  const conditions = [`k.status = 'on_sale'`]
  if (after) conditions.push(`(${column}, k.id) < (${bind(after.value)}::${type}, ${bind(after.id)}::bigint)`)
  if (query.shopId !== null) conditions.push(`k.shop_id = ${bind(query.shopId)}`)
  if (query.countyCode !== null) {
    conditions.push(
      `exists (select 1 from lots o where o.shop_id = k.shop_id and o.id = k.lot_id and o.county_code = ${bind(query.countyCode)})`,
    )
  }
  const rows = await db.query<CardRow & { position: string }>(
    `with page as (select k.shop_id, k.id, ${text} as position from skus k where ${conditions.join(' and ')}
       order by ${column} desc, k.id desc limit $1)
     select ${CARD_COLUMNS}, page.position from page join ${CARD_TABLES} on k.shop_id = page.shop_id and k.id = page.id
     order by ${column} desc, k.id desc`,
    values,
  )
  const last = rows[query.limit - 1]
  const next =
    rows.length > query.limit && last ? encodeCursor(query.sort, { value: last.position, id: last.skuId }) : null
  return { items: rows.slice(0, query.limit).map(({ position: _, ...row }) => toCard(row)), next }
}
