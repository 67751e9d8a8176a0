import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lifeTone, shareLeft, spanText, stageTone } from './span.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

test('a span is said in its two largest units', () => {
  assert.equal(spanText(3 * day + 4 * hour + 5 * minute, 'zh'), '3 天 4 小时')
  assert.equal(spanText(2 * day, 'zh'), '2 天')
  assert.equal(spanText(5 * hour + 12 * minute, 'en'), '5 h 12 min')
  assert.equal(spanText(65_000, 'en'), '1 min 05 s')
  assert.equal(spanText(30 * day + hour, 'en'), '30 d')
})

test('a span that is over reads as the same length', () => {
  assert.equal(spanText(-(2 * hour), 'zh'), spanText(2 * hour, 'zh'))
})

test('a stage is soon over in its last quarter and over at its end', () => {
  assert.equal(stageTone(0, 2 * hour, hour), 'calm')
  assert.equal(stageTone(0, 2 * hour, 1.6 * hour), 'soon')
  assert.equal(stageTone(0, 2 * hour, 2 * hour), 'over')
  assert.equal(stageTone(0, 20 * minute, 6 * minute), 'soon')
})

test('produce with less than a day is urgent, with less than three soon', () => {
  assert.equal(lifeTone(day - 1, 0), 'over')
  assert.equal(lifeTone(2 * day, 0), 'soon')
  assert.equal(lifeTone(5 * day, 0), 'calm')
})

test('the share that is left stays between nothing and all', () => {
  assert.equal(shareLeft(0, 100, 25), 0.75)
  assert.equal(shareLeft(0, 100, 250), 0)
  assert.equal(shareLeft(50, 100, 0), 1)
  assert.equal(shareLeft(100, 100, 0), 0)
})
