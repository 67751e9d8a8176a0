import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Produce } from '@chunbo/contract/catalogue'
import { matchProduce } from './match-produce.ts'

function produce(nameZh: string, nameEn: string): Produce {
  return {
    slug: nameEn,
    nameZh,
    nameEn,
    category: '',
    family: 'vegetable',
    unitZh: '箱',
    netGTypical: null,
    harvestMonths: '',
  }
}
const all = [produce('荷兰豆', 'snow pea'), produce('豌豆', 'green pea'), produce('土豆', 'potato')]
const found = (typed: string) => matchProduce(all, typed).map((item) => item.nameZh)

test('finds by Chinese and English, what begins with the word first', () => {
  assert.deepEqual(found('豆'), ['荷兰豆', '豌豆', '土豆'])
  assert.deepEqual(found('pea'), ['荷兰豆', '豌豆'])
  assert.deepEqual(found(' GREEN '), ['豌豆'])
  assert.deepEqual(found('豌'), ['豌豆'])
})

test('knows the other names of everyday speech', () => {
  assert.deepEqual(found('洋芋'), ['土豆'])
  assert.deepEqual(found('马铃薯'), ['土豆'])
})

test('shows all for nothing typed and none for what is unknown', () => {
  assert.equal(found('').length, 3)
  assert.deepEqual(found('火箭'), [])
})
