import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Alert, Merchant } from '@chunbo/matching'
import { brokenConditions } from './broken-conditions.ts'

const alert: Alert = {
  id: '1',
  produce: 'pea-pod',
  family: 'vegetable/pod',
  grams: 5_000_000,
  pickFrom: 0,
  pickTo: 5,
  pickedOn: null,
  ambientLifeDays: 2,
  coldLifeDays: 7,
  needsCold: true,
  floorFenPerKg: 400,
  grade: null,
  lngE5: 10_083_000,
  latE5: 2_445_000,
  region: 530823,
  listed: true,
  households: 40,
  merchantsMax: 3,
}
const merchant: Merchant = {
  id: '2',
  produce: ['pea-pod'],
  families: [],
  grades: [],
  regions: [53],
  reachKm: 1_000,
  capacityG: 10_000_000,
  capTotalG: 1_000_000_000,
  lotMinG: 1_000_000,
  cold: true,
  packingDays: 1,
  kmPerDay: 1_000,
  lngE5: 10_283_000,
  latE5: 2_488_000,
  offersFenPerKg: { '*': 500 },
  reliabilityPermille: 800,
}

test('who fits has nothing against them', () => {
  assert.deepEqual(brokenConditions(alert, merchant, false), [])
  assert.deepEqual(brokenConditions(alert, merchant, true), ['refused'])
})

test('every condition that does not hold is named, not only the first', () => {
  const misfit: Merchant = {
    ...merchant,
    produce: ['apple'],
    regions: [11],
    reachKm: 5,
    cold: false,
    packingDays: 9,
    capacityG: 500_000,
    lotMinG: 800_000_000,
    offersFenPerKg: {},
  }
  const over: Alert = { ...alert, pickTo: -1, pickFrom: -9 }
  const broken = brokenConditions(over, misfit, false)
  assert.deepEqual(
    new Set(broken),
    new Set(['produce', 'region', 'reach', 'cold', 'floor', 'window', 'life', 'lot_minimum']),
  )
  assert.deepEqual(brokenConditions(alert, { ...merchant, capacityG: 0 }, false), ['capacity'])
})
