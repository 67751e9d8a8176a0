import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SkuCard } from '@chunbo/contract/catalogue'
import type { CartLine } from './cart.ts'
import { refreshCart } from './refresh-cart.ts'

const place = { code: 530823, province: '云南省', prefecture: '普洱市', county: '景东彝族自治县' }
const card: SkuCard = {
  shopId: 1,
  skuId: 7,
  version: 1,
  titleZh: '景东豌豆',
  titleEn: 'Jingdong peas',
  packZh: '2.5 公斤装',
  packEn: '2.5 kg pack',
  netG: 2500,
  priceFen: 1990,
  perJinFen: 398,
  perKgFen: 796,
  stock: 100,
  buyerLimit: 10,
  status: 'on_sale',
  picture: null,
  family: 'pod',
  produceSlug: 'pea-pod',
  county: place,
  shopNameZh: '景东农家',
  shopNameEn: '',
  soldPacks: 0,
}
const line = (qty: number): CartLine => ({ shopId: 1, skuId: 7, qty, seenPriceFen: 1990, chosen: true, card })

test('a new price is taken over and the seen one kept, so that the change can be told', () => {
  const lines = [line(2)]
  assert.equal(refreshCart(lines, [{ ...card, priceFen: 2190 }]).size, 0)
  assert.equal(lines[0]?.card.priceFen, 2190)
  assert.equal(lines[0]?.seenPriceFen, 1990)
})

test('a quantity above stock or limit is cut and named; one that is sold out keeps its quantity for later', () => {
  const [low, many, none] = [line(5), line(50), line(3)]
  assert.deepEqual([...refreshCart([low], [{ ...card, stock: 4 }])], [[7, 4]])
  assert.equal(low.qty, 4)
  assert.deepEqual([...refreshCart([many], [card])], [[7, 10]])
  assert.equal(refreshCart([none], [{ ...card, stock: 0 }]).size, 0)
  assert.equal(none.qty, 3)
})

test('goods that are gone count as off sale', () => {
  const lines = [line(1)]
  refreshCart(lines, [])
  assert.equal(lines[0]?.card.status, 'off')
})
