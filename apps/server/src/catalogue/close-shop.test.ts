import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { changeStock } from './change-stock.ts'
import { takeShopOffSale } from './close-shop.ts'
import { createSku } from './create-sku.ts'
import { editLot } from './edit-lot.ts'
import { editSku } from './edit-sku.ts'
import { AT, createWorld, lotOf, skuOf, type World } from './testing/world.ts'

let world: World
before(async () => {
  world = await createWorld()
})
after(() => world.close())

const setStatus = (shopId: number, status: 'open' | 'closed') =>
  world.db.transaction(async (tx) => {
    await tx.query('update shops set status = $2 where id = $1', [shopId, status])
    if (status === 'closed') await takeShopOffSale(tx, shopId, AT)
  })

const change = fc.oneof(
  fc.record({ kind: fc.constantFrom('on_sale' as const, 'off' as const, 'stock' as const), sku: fc.nat(1) }),
  fc.record({ kind: fc.constantFrom('close' as const, 'open' as const, 'lot' as const), sku: fc.constant(0) }),
)

test('nothing of a closed shop is on sale, whatever its people do at the same time, and nothing deadlocks', async () => {
  const { db } = world
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 3, maxLength: 20 }), async (changes) => {
      const { shopId, lotId, skuId } = await world.addSku(1_000_000)
      const skus = [skuId, await createSku(db, shopId, skuOf(lotId), 1, AT)]
      const setSale = async (id: number, status: 'on_sale' | 'off') => {
        const { version } = one(await db.query<{ version: number }>('select version from skus where id = $1', [id]))
        await editSku(db, { shopId, skuId: id }, { version, status }, 1, AT)
      }
      const work = changes.map(async (item, index) => {
        if (item.kind === 'close') return setStatus(shopId, 'closed')
        if (item.kind === 'open') return setStatus(shopId, 'open')
        if (item.kind === 'lot') {
          await editLot(db, { shopId, lotId }, lotOf(1_000_000, { village: `${index} 村` }), AT)
          return
        }
        const id = skus[item.sku] ?? 0
        if (item.kind === 'stock') await changeStock(db, shopId, id, 1)
        else await setSale(id, item.kind)
      })
      for (const result of await Promise.allSettled(work)) {
        if (result.status === 'rejected' && !(result.reason instanceof Refusal)) throw result.reason
      }
      const wrong = await db.query(
        `select k.id from shops s join skus k on k.shop_id = s.id join sku_stock t on t.sku_id = k.id
         where s.id = $1 and ((s.status = 'closed' and k.status = 'on_sale')
           or t.on_sale <> (k.status = 'on_sale') or t.version <> k.version
           or k.version <> (select count(*) from sku_versions v where v.sku_id = k.id))`,
        [shopId],
      )
      assert.deepEqual(wrong, [])
    }),
    { numRuns: 40 },
  )
})
