import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { first, one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { changeStock } from './change-stock.ts'
import { createLot } from './create-lot.ts'
import { createSku } from './create-sku.ts'
import { editLot } from './edit-lot.ts'
import { editSku } from './edit-sku.ts'
import { AT, createWorld, lotOf, skuOf, type World } from './testing/world.ts'

/** The invariant of this file: the packs of a lot's SKUs never weigh more than the lot, whatever runs at the same time. */

let world: World
before(async () => {
  world = await createWorld()
})
after(() => world.close())

interface Sums {
  grams: number
  allocatedG: number
  packedG: number
  lowestStock: number
}

async function readSums(lotId: number): Promise<Sums> {
  const rows = await world.db.query<Sums>(
    `select l.grams, l.allocated_g as "allocatedG", coalesce(sum(t.put_in::bigint * t.net_g), 0)::bigint as "packedG",
       coalesce(min(t.stock), 0) as "lowestStock"
     from lots l left join skus k on k.lot_id = l.id left join sku_stock t on t.sku_id = k.id
     where l.id = $1 group by l.id, l.grams, l.allocated_g`,
    [lotId],
  )
  return one(rows)
}

/** What a buyer's order does to the hot row: packs go only when they are there. */
const sell = (skuId: number, packs: number) =>
  world.db.query('update sku_stock set stock = stock - $2 where sku_id = $1 and stock >= $2', [skuId, packs])

const change = fc.oneof(
  fc.record({ kind: fc.constant('stock' as const), sku: fc.nat(2), delta: fc.integer({ min: -40, max: 40 }) }),
  fc.record({ kind: fc.constant('net' as const), sku: fc.nat(2), netG: fc.integer({ min: 1, max: 2000 }) }),
  fc.record({ kind: fc.constant('lot' as const), grams: fc.integer({ min: 1, max: 60_000 }) }),
  fc.record({ kind: fc.constant('create' as const), netG: fc.integer({ min: 1, max: 2000 }), stock: fc.nat(30) }),
  fc.record({ kind: fc.constant('sell' as const), sku: fc.nat(2), packs: fc.integer({ min: 1, max: 20 }) }),
)
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

const EXPECTED = new Set([
  'catalogue.lot_grams_exceeded',
  'catalogue.lot_below_allocated',
  'catalogue.stock_below_zero',
  'catalogue.changed_meanwhile',
])

async function attempt(shopId: number, lotId: number, skus: number[], item: Change): Promise<void> {
  const { db } = world
  const at = (index: number) => skus[index] ?? 0
  try {
    if (item.kind === 'stock') await changeStock(db, shopId, at(item.sku), item.delta)
    else if (item.kind === 'sell') await sell(at(item.sku), item.packs)
    else if (item.kind === 'lot') await editLot(db, { shopId, lotId }, lotOf(item.grams), AT)
    else if (item.kind === 'create') await createSku(db, shopId, skuOf(lotId, item), 1, AT)
    else {
      const now = first(await db.query<{ version: number }>('select version from skus where id = $1', [at(item.sku)]))
      await editSku(db, { shopId, skuId: at(item.sku) }, { version: now?.version ?? 0, netG: item.netG }, 1, AT)
    }
  } catch (error) {
    if (!(error instanceof Refusal && EXPECTED.has(error.code))) throw error
  }
}

test('packs never weigh more than their lot under random concurrent changes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 4, maxLength: 24 }), async (changes) => {
      const shopId = await world.addShop()
      const lotId = await createLot(world.db, shopId, lotOf(50_000), AT)
      const skus: number[] = []
      for (const netG of [250, 500, 1000]) {
        skus.push(await createSku(world.db, shopId, skuOf(lotId, { netG, stock: 10 }), 1, AT))
      }
      await Promise.all(changes.map((item) => attempt(shopId, lotId, skus, item)))
      const sums = await readSums(lotId)
      assert.equal(sums.allocatedG, sums.packedG)
      assert.ok(sums.packedG <= sums.grams)
      assert.ok(sums.lowestStock >= 0)
    }),
    { numRuns: 40 },
  )
})

test('of many who add packs at once exactly those are served for whom there are grams', async () => {
  const { shopId, skuId, lotId } = await world.addSku(10_000, { netG: 500 })
  const results = await Promise.allSettled(Array.from({ length: 30 }, () => changeStock(world.db, shopId, skuId, 1)))
  const served = results.filter((result) => result.status === 'fulfilled')
  assert.equal(served.length, 20)
  for (const result of results) {
    if (result.status === 'rejected') assert.equal(result.reason.code, 'catalogue.lot_grams_exceeded')
  }
  assert.deepEqual(await readSums(lotId), { grams: 10_000, allocatedG: 10_000, packedG: 10_000, lowestStock: 20 })
})

test('packs that were sold cannot be taken away, packs that were not can', async () => {
  const { shopId, skuId, lotId } = await world.addSku(10_000, { netG: 500, stock: 10 })
  await sell(skuId, 7)
  await assert.rejects(changeStock(world.db, shopId, skuId, -4), {
    code: 'catalogue.stock_below_zero',
    params: { stock: 3 },
  })
  assert.equal(await changeStock(world.db, shopId, skuId, -3), 0)
  assert.equal((await readSums(lotId)).allocatedG, 3_500)
})

test('more packs than a column holds are refused and not an error', async () => {
  const { shopId, skuId } = await world.addSku(1_000_000_000_000, { netG: 1, stock: 1_000_000_000 })
  await changeStock(world.db, shopId, skuId, 1_000_000_000)
  await assert.rejects(changeStock(world.db, shopId, skuId, 1_000_000_000), { code: 'catalogue.too_many_packs' })
})

test('a lot cannot shrink below what is in packs, and says how much that is', async () => {
  const { shopId, lotId } = await world.addSku(10_000, { netG: 500, stock: 10 })
  await assert.rejects(editLot(world.db, { shopId, lotId }, lotOf(4_999), AT), {
    code: 'catalogue.lot_below_allocated',
    params: { allocatedG: 5_000 },
  })
  await editLot(world.db, { shopId, lotId }, lotOf(5_000), AT)
})

test('another shop reaches neither lot nor SKU by its id', async () => {
  const { lotId, skuId } = await world.addSku(10_000)
  const stranger = await world.addShop()
  const { db } = world
  await assert.rejects(createSku(db, stranger, skuOf(lotId), 1, AT), { code: 'catalogue.lot_not_found' })
  await assert.rejects(editLot(db, { shopId: stranger, lotId }, lotOf(1), AT), { code: 'catalogue.lot_not_found' })
  await assert.rejects(changeStock(db, stranger, skuId, 1), { code: 'catalogue.sku_not_found' })
  await assert.rejects(editSku(db, { shopId: stranger, skuId }, { version: 2, priceFen: 1 }, 1, AT), {
    code: 'catalogue.sku_not_found',
  })
})
