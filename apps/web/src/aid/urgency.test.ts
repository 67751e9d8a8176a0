import assert from 'node:assert/strict'
import { test } from 'node:test'
import { soldShare, toneOf } from './urgency.ts'

const item = { stage: 'selling', leftG: 1000, hoursLeft: 20, from: null } as const

test('hours until three days, then days; what keeps is calm', () => {
  assert.equal(toneOf(item), 'hours')
  assert.equal(toneOf({ ...item, hoursLeft: 72 }), 'days')
  assert.equal(toneOf({ ...item, hoursLeft: null }), 'keeps')
  assert.equal(toneOf({ ...item, hoursLeft: 0 }), 'over')
})

test('nothing left is sold out, a closed case with something left has ended', () => {
  assert.equal(toneOf({ ...item, stage: 'closed', leftG: 0 }), 'gone')
  assert.equal(toneOf({ ...item, stage: 'closed' }), 'ended')
})

test('the sold share stays between nothing and all', () => {
  assert.equal(soldShare({ listedG: 0, soldG: 0 }), 0)
  assert.equal(soldShare({ listedG: 4, soldG: 1 }), 0.25)
  assert.equal(soldShare({ listedG: 4, soldG: 5 }), 1)
})
