import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SkuCard } from '@chunbo/contract/catalogue'
import { refreshDraft } from './refresh-draft.ts'

const place = { code: 530823, province: '云南省', prefecture: '普洱市', county: '景东彝族自治县' }
const card = (skuId: number, priceFen: number, stock: number): SkuCard => ({
  shopId: 1,
  skuId,
  version: 1,
  titleZh: '豌豆',
  titleEn: 'Peas',
  packZh: '',
  packEn: '',
  netG: 2500,
  priceFen,
  perJinFen: 0,
  perKgFen: 0,
  stock,
  buyerLimit: 10,
  status: 'on_sale',
  picture: null,
  family: 'pod',
  produceSlug: 'pea-pod',
  county: place,
  shopNameZh: '店',
  shopNameEn: '',
  soldPacks: 0,
})

test('a changed price, a cut quantity and goods that are gone are each named', () => {
  const before = [
    { card: card(1, 1990, 100), qty: 2 },
    { card: card(2, 500, 100), qty: 9 },
    { card: card(3, 800, 5), qty: 1 },
    { card: card(4, 700, 5), qty: 1 },
  ]
  const { lines, changes } = refreshDraft(before, [
    card(1, 2190, 100),
    card(2, 500, 4),
    card(3, 800, 0),
    card(4, 700, 5),
  ])
  assert.deepEqual(
    lines.map((line) => [line.card.skuId, line.card.priceFen, line.qty]),
    [
      [1, 2190, 2],
      [2, 500, 4],
      [4, 700, 1],
    ],
  )
  assert.deepEqual(
    [...changes],
    [
      [1, { wasFen: 1990 }],
      [2, { cutTo: 4 }],
      [3, { cutTo: 0 }],
    ],
  )
})
