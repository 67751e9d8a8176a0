import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KnownData } from './page-words.ts'

const known = new KnownData()
known.learn({
  items: [{ titleZh: '清早现摘', titleEn: 'Picked at dawn', county: { name: '平顺县' }, packZh: '罐装', packEn: '' }],
})

test('an English page may show names, and Chinese texts of data that have no English', () => {
  assert.deepEqual(known.foreign(['Peas of 平顺县', 'from 平顺', '罐装', '¥29.90', '中文'], 'en'), [])
})

test('an English page may not show its own words in Chinese, nor data that is there in English', () => {
  assert.deepEqual(known.foreign(['保存', 'Pick 清早现摘', 'Save'], 'en'), ['保存', 'Pick 清早现摘'])
})

test('a Chinese page may show data in English but no sentence of its own', () => {
  assert.deepEqual(known.foreign(['Picked at dawn', '用 OBS 推流', 'Please sign in first'], 'zh'), [
    'Please sign in first',
  ])
})

test('a gap that was not filled is seen in both languages', () => {
  assert.deepEqual(known.foreign(['还剩 {n} 份', 'undefined 件'], 'zh'), ['还剩 {n} 份', 'undefined 件'])
  assert.deepEqual(known.foreign(['{n} left', 'NaN kg'], 'en'), ['{n} left', 'NaN kg'])
})
