import { type Checkout, type CheckoutLine, goodsOf, holdMs } from './checkout.ts'

/** The statement a batch is placed by. Arrays come back as text, which is far cheaper to read than arrays are. */
export const placeBatchSql = `select array_to_string(outcomes, ',') as outcomes, array_to_string(refused_lines, ',') as refused_lines,
  array_to_string(details, ',') as details, array_to_string(same_as, ',') as same_as,
  array_to_string(order_ids, ',', '') as order_ids, replays,
  array_to_string(changed_skus, ',') as changed_skus, array_to_string(stock_left, ',') as stock_left
from place_orders(${Array.from({ length: 28 }, (_, index) => `$${index + 1}`).join(', ')})`

/** What one order of a packed batch needs to be told to its buyer, once it has its number. */
export interface PackedOrder {
  readonly shopId: number
  readonly totalFen: number
  readonly expiresAt: string
}

/** A batch as parameters of {@link placeBatchSql}, with what is needed to read the answer. */
export interface PackedBatch {
  readonly values: readonly (string | null)[]
  /** For each checkout the number (from 0) of its first order; one entry more marks the end. */
  readonly firstOrder: readonly number[]
  readonly orders: readonly PackedOrder[]
  /** The SKUs of the batch in the order in which they are locked. */
  readonly skus: readonly { readonly shopId: number; readonly skuId: number }[]
  /** For each packed line its index in its own checkout. */
  readonly lineIndex: readonly number[]
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Numbers for things that should be sent once, in order of their first appearance, from 1 as SQL counts. */
class Register {
  readonly numbers = new Map<string, number>()

  /** The number of a key, and whether it is new. */
  number(key: string): number {
    const known = this.numbers.get(key)
    if (known !== undefined) return known
    const next = this.numbers.size + 1
    this.numbers.set(key, next)
    return next
  }
}

/** The SKUs of a batch, each once, in the (shop, SKU) order in which their rows are locked. */
function listSkus(checkouts: readonly Checkout[]): { list: CheckoutLine[]; numbers: Map<string, number> } {
  const seen = new Map<string, CheckoutLine>()
  for (const checkout of checkouts) {
    for (const line of checkout.lines) {
      const key = `${line.shopId}/${line.skuId}`
      if (!seen.has(key)) seen.set(key, line)
    }
  }
  const sorted = [...seen].sort(([, a], [, b]) => a.shopId - b.shopId || a.skuId - b.skuId)
  return {
    list: sorted.map(([, line]) => line),
    numbers: new Map(sorted.map(([key], index) => [key, index + 1])),
  }
}

/** For each checkout the first (from 1) with its buyer and key; null when all differ, as they nearly always do. */
function listSameKeys(checkouts: readonly Checkout[]): number[] | null {
  const firsts = new Map<string, number>()
  const sameKey = checkouts.map((checkout, index) => {
    const key = `${checkout.buyerId}/${checkout.key.toLowerCase()}`
    const first = firsts.get(key) ?? index + 1
    firsts.set(key, first)
    return first
  })
  return firsts.size === checkouts.length ? null : sameKey
}

const arrayText = (items: readonly (string | number)[]): string => `{${items.join(',')}}`

type Columns<Name extends string> = Record<Name, (number | string)[]>

/** The columns of a batch, filled row by row. */
interface Rows {
  readonly quota: Columns<'sku' | 'buyer'>
  readonly checkout: Columns<'buyer' | 'key' | 'address' | 'lastLine' | 'goods'>
  readonly order: Columns<'checkout' | 'seq' | 'buyer' | 'key' | 'room' | 'address' | 'goods'>
  readonly line: Columns<'order' | 'no' | 'sku' | 'quota' | 'qty' | 'fen'>
  readonly orders: { readonly shopId: number; totalFen: number; readonly expiresAt: string }[]
  readonly firstOrder: number[]
  readonly lineIndex: number[]
}

function emptyRows(): Rows {
  return {
    quota: { sku: [], buyer: [] },
    checkout: { buyer: [], key: [], address: [], lastLine: [], goods: [] },
    order: { checkout: [], seq: [], buyer: [], key: [], room: [], address: [], goods: [] },
    line: { order: [], no: [], sku: [], quota: [], qty: [], fen: [] },
    orders: [],
    firstOrder: [],
    lineIndex: [],
  }
}

/** Adds the lines of a checkout, and an order for each shop when a line first names it. */
function addLines(
  rows: Rows,
  checkout: Checkout,
  goods: string,
  skus: Map<string, number>,
  quotas: Register,
  expiresAt: string,
): void {
  const { quota, order, line, orders } = rows
  const number = rows.checkout.goods.length
  const shopOrders = new Map<number, { number: number; lines: number }>()
  for (const [index, { shopId, skuId, qty, expectedPriceFen }] of checkout.lines.entries()) {
    let shopOrder = shopOrders.get(shopId)
    if (shopOrder === undefined) {
      order.checkout.push(number)
      order.seq.push(shopOrders.size)
      order.buyer.push(checkout.buyerId)
      order.key.push(checkout.key)
      order.room.push(checkout.roomId ?? 'null')
      order.address.push(checkout.addressId)
      order.goods.push(goods)
      shopOrder = { number: orders.push({ shopId, totalFen: 0, expiresAt }), lines: 0 }
      shopOrders.set(shopId, shopOrder)
    }
    const told = orders[shopOrder.number - 1]
    if (told !== undefined) told.totalFen += qty * expectedPriceFen
    shopOrder.lines += 1
    const sku = skus.get(`${shopId}/${skuId}`) ?? 0
    const quotaNumber = quotas.number(`${sku}/${checkout.buyerId}`)
    if (quotaNumber > quota.sku.length) {
      quota.sku.push(sku)
      quota.buyer.push(checkout.buyerId)
    }
    line.order.push(shopOrder.number)
    line.no.push(shopOrder.lines)
    line.sku.push(sku)
    line.quota.push(quotaNumber)
    line.qty.push(qty)
    line.fen.push(expectedPriceFen)
    rows.lineIndex.push(index)
  }
}

/**
 * Packs checkouts, in order of arrival, into the parameters of one statement. Orders of a checkout follow the order in
 * which its lines first name their shops. Throws a RangeError for a key that is no UUID, before anything is sent.
 */
export function packBatch(checkouts: readonly Checkout[], now: Date): PackedBatch {
  const skus = listSkus(checkouts)
  const quotas = new Register()
  const rows = emptyRows()
  const { quota, checkout, order, line, orders, firstOrder, lineIndex } = rows
  const shopExpiry = new Date(now.getTime() + holdMs.shop).toISOString()
  const roomExpiry = new Date(now.getTime() + holdMs.room).toISOString()
  for (const one of checkouts) {
    if (!uuidPattern.test(one.key)) throw new RangeError('an idempotency key must be a UUID')
    firstOrder.push(orders.length)
    checkout.buyer.push(one.buyerId)
    checkout.key.push(one.key)
    checkout.address.push(one.addressId)
    const goods = goodsOf(one.lines)
    checkout.goods.push(goods)
    addLines(rows, one, goods, skus.numbers, quotas, one.roomId === null ? shopExpiry : roomExpiry)
    checkout.lastLine.push(lineIndex.length)
  }
  firstOrder.push(orders.length)

  const sameKeys = listSameKeys(checkouts)
  const values = [
    now.toISOString(),
    shopExpiry,
    roomExpiry,
    ...[skus.list.map(({ shopId }) => shopId), skus.list.map(({ skuId }) => skuId), quota.sku, quota.buyer].map(
      arrayText,
    ),
    ...[checkout.buyer, checkout.key, checkout.address, checkout.lastLine, checkout.goods].map(arrayText),
    sameKeys === null ? null : arrayText(sameKeys),
    ...[order.checkout, order.seq, orders.map(({ shopId }) => shopId), order.buyer, order.key, order.room].map(
      arrayText,
    ),
    ...[order.address, order.goods, orders.map(({ totalFen }) => totalFen)].map(arrayText),
    ...[line.order, line.no, line.sku, line.quota, line.qty, line.fen].map(arrayText),
  ]
  return { values, firstOrder, orders, lineIndex, skus: skus.list }
}
