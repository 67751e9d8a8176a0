import { type Checkout, type CheckoutLine, goodsOf, holdMs } from './checkout.ts'

/** The statement a batch is placed by. Arrays come back as text, which is far cheaper to read than arrays are. */
export const placeBatchSql = `select array_to_string(outcomes, ',') as outcomes, array_to_string(refused_lines, ',') as refused_lines,
  array_to_string(details, ',') as details, array_to_string(same_as, ',') as same_as,
  array_to_string(order_ids, ',', '') as order_ids, replays,
  array_to_string(changed_skus, ',') as changed_skus, array_to_string(stock_left, ',') as stock_left,
  array_to_string(discounts, ',', '0') as discounts, pg_current_wal_insert_lsn() - '0/0' as log_position
from place_orders(${Array.from({ length: 32 }, (_, index) => `$${index + 1}`).join(', ')})`

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
  /** The coupons of all checkouts, in the order of these. */
  readonly couponIds: readonly number[]
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Numbers for pairs of numbers: those of a SKU in its shop, those of a buyer of a SKU. */
class PairNumbers {
  readonly #numbers = new Map<number, Map<number, number>>()

  get(first: number, second: number): number | undefined {
    return this.#numbers.get(first)?.get(second)
  }

  set(first: number, second: number, number: number): void {
    const seconds = this.#numbers.get(first)
    if (seconds === undefined) this.#numbers.set(first, new Map([[second, number]]))
    else seconds.set(second, number)
  }
}

/** The SKUs of a batch, each once and numbered from 1 as SQL counts, in the (shop, SKU) order in which their rows are locked. */
function listSkus(checkouts: readonly Checkout[]): { list: CheckoutLine[]; numbers: PairNumbers } {
  const numbers = new PairNumbers()
  const list: CheckoutLine[] = []
  for (const checkout of checkouts) {
    for (const line of checkout.lines) {
      if (numbers.get(line.shopId, line.skuId) !== undefined) continue
      numbers.set(line.shopId, line.skuId, 0)
      list.push(line)
    }
  }
  list.sort((a, b) => a.shopId - b.shopId || a.skuId - b.skuId)
  for (const [index, { shopId, skuId }] of list.entries()) numbers.set(shopId, skuId, index + 1)
  return { list, numbers }
}

/** For each checkout the first (from 1) with its buyer and key; null when all differ, as they nearly always do. */
function listSameKeys(checkouts: readonly Checkout[]): number[] | null {
  if (new Set(checkouts.map(({ key }) => key.toLowerCase())).size === checkouts.length) return null
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
  readonly coupon: {
    readonly id: number[]
    readonly checkout: number[]
    readonly first: number[]
    readonly last: number[]
  }
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
    coupon: { id: [], checkout: [], first: [], last: [] },
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
  skus: PairNumbers,
  quotas: PairNumbers,
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
    const sku = skus.get(shopId, skuId) ?? 0
    let quotaNumber = quotas.get(sku, checkout.buyerId)
    if (quotaNumber === undefined) {
      quotaNumber = quota.sku.push(sku)
      quota.buyer.push(checkout.buyerId)
      quotas.set(sku, checkout.buyerId, quotaNumber)
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

/** Adds the coupons of a checkout whose orders, from `first` (from 1) on, are the last in the batch. */
function addCoupons({ coupon, checkout, orders }: Rows, couponIds: readonly number[], first: number): void {
  for (const id of couponIds) {
    coupon.id.push(id)
    coupon.checkout.push(checkout.goods.length)
    coupon.first.push(first)
    coupon.last.push(orders.length)
  }
}

/**
 * Packs checkouts, in order of arrival, into the parameters of one statement. Orders of a checkout follow the order in
 * which its lines first name their shops. Throws a RangeError for a key that is no UUID, before anything is sent.
 */
export function packBatch(checkouts: readonly Checkout[], now: Date): PackedBatch {
  const skus = listSkus(checkouts)
  const quotas = new PairNumbers()
  const rows = emptyRows()
  const { quota, checkout, order, line, coupon, orders, firstOrder, lineIndex } = rows
  const shopExpiry = new Date(now.getTime() + holdMs.shop).toISOString()
  const roomExpiry = new Date(now.getTime() + holdMs.room).toISOString()
  for (const one of checkouts) {
    if (!uuidPattern.test(one.key)) throw new RangeError('an idempotency key must be a UUID')
    const orderBefore = orders.length
    firstOrder.push(orderBefore)
    checkout.buyer.push(one.buyerId)
    checkout.key.push(one.key)
    checkout.address.push(one.addressId)
    const goods = goodsOf(one.lines, one.couponIds)
    checkout.goods.push(goods)
    addLines(rows, one, goods, skus.numbers, quotas, one.roomId === null ? shopExpiry : roomExpiry)
    checkout.lastLine.push(lineIndex.length)
    if (one.couponIds !== undefined) addCoupons(rows, one.couponIds, orderBefore + 1)
  }
  firstOrder.push(orders.length)

  const sameKeys = listSameKeys(checkouts)
  // One shop a checkout is the rule, and then what is said of the checkouts is said of the orders too: text is made once.
  const oneEach = orders.length === checkouts.length
  const [buyers, keys, addresses, goods] = [checkout.buyer, checkout.key, checkout.address, checkout.goods].map(
    arrayText,
  ) as [string, string, string, string]
  const ofOrders = (column: (number | string)[], text: string) => (oneEach ? text : arrayText(column))
  const values = [
    now.toISOString(),
    shopExpiry,
    roomExpiry,
    ...[skus.list.map(({ shopId }) => shopId), skus.list.map(({ skuId }) => skuId), quota.sku, quota.buyer].map(
      arrayText,
    ),
    ...[buyers, keys, addresses, arrayText(checkout.lastLine), goods],
    sameKeys === null ? null : arrayText(sameKeys),
    ...[order.checkout, order.seq, orders.map(({ shopId }) => shopId)].map(arrayText),
    ...[ofOrders(order.buyer, buyers), ofOrders(order.key, keys), arrayText(order.room)],
    ...[ofOrders(order.address, addresses), ofOrders(order.goods, goods)],
    arrayText(orders.map(({ totalFen }) => totalFen)),
    ...[line.order, line.no, line.sku, line.quota, line.qty, line.fen].map(arrayText),
    ...[coupon.id, coupon.checkout, coupon.first, coupon.last].map((column) =>
      column.length === 0 ? null : arrayText(column),
    ),
  ]
  return { values, firstOrder, orders, lineIndex, skus: skus.list, couponIds: coupon.id }
}
