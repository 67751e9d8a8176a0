import pg from 'pg'
import { someCheckout } from './order-engine.ts'

/**
 * The baseline: one transaction an order, written as most shops write it and with the same checks. The SKU is locked before
 * what depends on it is read, because otherwise the limit and the stock could both be overrun.
 */
async function placeOne(client: pg.PoolClient): Promise<void> {
  const checkout = someCheckout()
  const line = checkout.lines[0]
  if (line === undefined) return
  const ask = (name: string, text: string, values: unknown[]) => client.query({ name, text, values })
  await client.query('begin')
  const seen = await ask('key', 'select goods from checkout_orders where buyer_id = $1 and checkout_id = $2', [
    checkout.buyerId,
    checkout.key,
  ])
  if (seen.rows.length > 0) throw new Error('replayed')
  const address = await ask(
    'address',
    'select name, phone, region_code, detail from addresses where id = $1 and user_id = $2',
    [checkout.addressId, checkout.buyerId],
  )
  const sku = await ask('sku', 'select * from sku_stock where shop_id = $1 and sku_id = $2 for no key update', [
    line.shopId,
    line.skuId,
  ])
  const stock = sku.rows[0]
  if (!stock?.on_sale || stock.price_fen !== line.expectedPriceFen || stock.stock < line.qty) throw new Error('refused')
  const limited = stock.buyer_limit < 100_000
  if (limited) {
    const quota = await ask(
      'quota',
      'select packs from buyer_quota where shop_id = $1 and sku_id = $2 and buyer_id = $3',
      [line.shopId, line.skuId, checkout.buyerId],
    )
    if ((quota.rows[0]?.packs ?? 0) + line.qty > stock.buyer_limit) throw new Error('over limit')
  }
  const { name, phone, region_code, detail } = address.rows[0]
  const order = await ask(
    'order',
    `insert into orders (shop_id, id, buyer_id, checkout_id, total_fen, placed_on, created_at, expires_at, to_name, to_phone, to_region_code, to_detail)
     values ($1, nextval('order_ids'), $2, $3, $4, current_date, now(), now() + interval '15 minutes', $5, $6, $7, $8) returning id`,
    [line.shopId, checkout.buyerId, checkout.key, line.qty * stock.price_fen, name, phone, region_code, detail],
  )
  const id = order.rows[0].id
  await ask('line', 'insert into order_lines values ($1, $2, 1, $3, $4, $5, $6, $7)', [
    line.shopId,
    id,
    line.skuId,
    stock.version,
    line.qty,
    stock.price_fen,
    stock.net_g,
  ])
  await ask('claim', 'insert into checkout_orders values ($1, $2, 0, $3, $4, current_date, $5)', [
    checkout.buyerId,
    checkout.key,
    line.shopId,
    id,
    `${line.shopId}/${line.skuId}*${line.qty}`,
  ])
  if (limited) {
    await ask(
      'taken',
      `insert into buyer_quota as b values ($1, $2, $3, $4) on conflict (shop_id, sku_id, buyer_id) do update set packs = b.packs + excluded.packs`,
      [line.shopId, line.skuId, checkout.buyerId, line.qty],
    )
  }
  await ask('stock', 'update sku_stock set stock = stock - $3 where shop_id = $1 and sku_id = $2', [
    line.shopId,
    line.skuId,
    line.qty,
  ])
  await client.query('commit')
}

/** Durable orders a second with one transaction an order, from eight connections at a time. */
export async function measureNaive(url: string, seconds: number): Promise<number> {
  const connections = 8
  const pool = new pg.Pool({ connectionString: url, max: connections })
  // The pool hears of connections that it has ended itself when the server goes away.
  pool.on('error', () => {})
  let placed = 0
  const endMs = performance.now() + seconds * 1000
  async function buyAndBuy(): Promise<void> {
    const client = await pool.connect()
    while (performance.now() < endMs) {
      await placeOne(client)
      placed += 1
    }
    client.release()
  }
  const startMs = performance.now()
  await Promise.all(Array.from({ length: connections }, buyAndBuy))
  const rate = (placed / (performance.now() - startMs)) * 1000
  await pool.end()
  return rate
}
