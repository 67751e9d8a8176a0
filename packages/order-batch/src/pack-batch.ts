import { type Checkout, type CheckoutLine, goodsOf, holdMs } from './checkout.ts'

/** The statement a batch is placed by. Arrays come back as text, which is far cheaper to read than arrays are. */
export const placeBatchSql = `select array_to_string(outcomes, ',') as outcomes, array_to_string(refused_lines, ',') as refused_lines,
  array_to_string(details, ',') as details, array_to_string(same_as, ',') as same_as,
  array_to_string(order_ids, ',', '') as order_ids, replays
from place_orders($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`

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
function listSkus(checkouts: readonly Checkout[]): { shops: number[]; skus: number[]; numbers: Map<string, number> } {
  const seen = new Map<string, CheckoutLine>()
  for (const checkout of checkouts) {
    for (const line of checkout.lines) {
      const key = `${line.shopId}/${line.skuId}`
      if (!seen.has(key)) seen.set(key, line)
    }
  }
  const sorted = [...seen].sort(([, a], [, b]) => a.shopId - b.shopId || a.skuId - b.skuId)
  return {
    shops: sorted.map(([, line]) => line.shopId),
    skus: sorted.map(([, line]) => line.skuId),
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

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
const arrayText = (items: readonly (string | number)[]): string => `{${items.join(',')}}`

/**
 * Packs checkouts, in order of arrival, into the parameters of one statement. Orders of a checkout follow the order in
 * which its lines first name their shops. Throws a RangeError for a key that is no UUID, before anything is sent.
 */
export function packBatch(checkouts: readonly Checkout[], now: Date): PackedBatch {
  const skus = listSkus(checkouts)
  const quotas = new Register()
  const quota = { sku: [] as number[], buyer: [] as number[] }
  const checkout = { lastLine: [] as number[], goods: [] as string[] }
  const order = {
    checkout: [] as number[],
    seq: [] as number[],
    shop: [] as number[],
    buyer: [] as number[],
    key: [] as string[],
    room: [] as (string | number)[],
    address: [] as string[],
  }
  const line = {
    order: [] as number[],
    no: [] as number[],
    sku: [] as number[],
    quota: [] as number[],
    qty: [] as number[],
    fen: [] as number[],
  }
  const firstOrder: number[] = []
  const orders: { shopId: number; totalFen: number; expiresAt: string }[] = []
  const lineIndex: number[] = []
  const shopExpiry = new Date(now.getTime() + holdMs.shop).toISOString()
  const roomExpiry = new Date(now.getTime() + holdMs.room).toISOString()

  for (const [index, { buyerId, key, roomId, addressJson, lines }] of checkouts.entries()) {
    if (!uuidPattern.test(key)) throw new RangeError('an idempotency key must be a UUID')
    firstOrder.push(orders.length)
    const address = quoted(addressJson)
    const expiresAt = roomId === null ? shopExpiry : roomExpiry
    const shopOrders = new Map<number, { number: number; lines: number }>()
    for (const [at, bought] of lines.entries()) {
      let shopOrder = shopOrders.get(bought.shopId)
      if (shopOrder === undefined) {
        order.checkout.push(index + 1)
        order.seq.push(shopOrders.size)
        order.shop.push(bought.shopId)
        order.buyer.push(buyerId)
        order.key.push(key)
        order.room.push(roomId ?? 'null')
        order.address.push(address)
        shopOrder = { number: orders.push({ shopId: bought.shopId, totalFen: 0, expiresAt }), lines: 0 }
        shopOrders.set(bought.shopId, shopOrder)
      }
      const told = orders[shopOrder.number - 1]
      if (told !== undefined) told.totalFen += bought.qty * bought.expectedPriceFen
      shopOrder.lines += 1
      const sku = skus.numbers.get(`${bought.shopId}/${bought.skuId}`) ?? 0
      const quotaNumber = quotas.number(`${sku}/${buyerId}`)
      if (quotaNumber > quota.sku.length) {
        quota.sku.push(sku)
        quota.buyer.push(buyerId)
      }
      line.order.push(shopOrder.number)
      line.no.push(shopOrder.lines)
      line.sku.push(sku)
      line.quota.push(quotaNumber)
      line.qty.push(bought.qty)
      line.fen.push(bought.expectedPriceFen)
      lineIndex.push(at)
    }
    checkout.lastLine.push(lineIndex.length)
    checkout.goods.push(goodsOf(lines))
  }
  firstOrder.push(orders.length)

  const sameKeys = listSameKeys(checkouts)
  const values = [
    now.toISOString(),
    shopExpiry,
    roomExpiry,
    arrayText(skus.shops),
    arrayText(skus.skus),
    arrayText(quota.sku),
    arrayText(quota.buyer),
    arrayText(checkout.lastLine),
    arrayText(checkout.goods),
    sameKeys === null ? null : arrayText(sameKeys),
    arrayText(order.checkout),
    arrayText(order.seq),
    arrayText(order.shop),
    arrayText(order.buyer),
    arrayText(order.key),
    arrayText(order.room),
    arrayText(order.address),
    arrayText(line.order),
    arrayText(line.no),
    arrayText(line.sku),
    arrayText(line.quota),
    arrayText(line.qty),
    arrayText(line.fen),
  ]
  return { values, firstOrder, orders, lineIndex }
}
