import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SkuCard } from '@chunbo/contract/catalogue'
import fc from 'fast-check'
import { shelfItems } from './shelf-items.ts'

const card = (skuId: number, status: 'on_sale' | 'off' = 'on_sale') =>
  ({ shopId: 1, skuId, status, priceFen: 1000, stock: 5, version: 1, titleZh: `商品${skuId}` }) as unknown as SkuCard
const entry = (skuId: number, stock = 5) => ({ shopId: 1, skuId, version: 1, priceFen: 900, stock })
const cardsOf = (...all: SkuCard[]) => new Map(all.map((one) => [one.skuId, one]))
const deskOf = (...all: SkuCard[]) => ({ shelf: all.map((sku, position) => ({ position, sku })) })

test('what viewers see comes from the room, what they do not see stays in its place', () => {
  const all = [card(1), card(2), card(3), card(4, 'off')]
  const items = shelfItems(deskOf(...all), { shelf: [entry(3), entry(1)] }, cardsOf(...all))
  assert.deepEqual(
    items.map(({ skuId, hidden }) => [skuId, hidden]),
    [
      [3, false],
      [4, false],
      [1, false],
      [2, true],
    ],
  )
  assert.equal(items[0]?.card.priceFen, 900)
})

test('goods that the desk has not read yet are there as soon as their card is', () => {
  const items = shelfItems(deskOf(card(1)), { shelf: [entry(1), entry(9)] }, cardsOf(card(1), card(9)))
  assert.deepEqual(
    items.map(({ skuId }) => skuId),
    [1, 9],
  )
  assert.equal(shelfItems(undefined, { shelf: [entry(9)] }, new Map()).length, 0)
})

test('nothing of either side is lost or doubled, whatever their order', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 12 })
  fc.assert(
    fc.property(ids, ids, (read, seen) => {
      const all = [...new Set([...read, ...seen])].map((id) => card(id))
      const desk = deskOf(...read.map((id) => card(id)))
      const items = shelfItems(desk, { shelf: seen.map((id) => entry(id)) }, cardsOf(...all))
      const got = items.map(({ skuId }) => skuId)
      assert.deepEqual([...got].sort(), all.map(({ skuId }) => skuId).sort())
      assert.deepEqual(
        got.filter((id) => seen.includes(id)),
        seen,
      )
    }),
  )
})
