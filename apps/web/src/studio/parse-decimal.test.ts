import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseDecimal } from './parse-decimal.ts'
import { fittingUnit, inUnit, LOT_UNITS, MASS_UNITS, type MassUnit } from './units.ts'

const FEN = 100
const MAX = 1_000_000_000_000

test('yuan text becomes fen exactly', () => {
  assert.deepEqual(parseDecimal('19.9', FEN, MAX), { ok: true, value: 1990 })
  assert.deepEqual(parseDecimal('0.07', FEN, MAX), { ok: true, value: 7 })
  assert.deepEqual(parseDecimal('1.005', FEN, MAX), { ok: false, why: 'too_fine' })
  assert.deepEqual(parseDecimal('1.10000', FEN, MAX), { ok: true, value: 110 })
})

test('what an input method leaves behind is understood', () => {
  assert.deepEqual(parseDecimal('１２。５', 500, MAX), { ok: true, value: 6250 })
  assert.deepEqual(parseDecimal(' 1,200 ', 500, MAX), { ok: true, value: 600_000 })
  assert.deepEqual(parseDecimal('.5', 1000, MAX), { ok: true, value: 500 })
  assert.deepEqual(parseDecimal('5.', 1000, MAX), { ok: true, value: 5000 })
})

test('what is not a number is refused by its reason', () => {
  for (const text of ['-1', '1e3', 'abc', '1.2.3', '.', '+4', '0x10', 'NaN'])
    assert.deepEqual(parseDecimal(text, FEN, MAX), { ok: false, why: 'not_a_number' }, text)
  assert.deepEqual(parseDecimal('  ', FEN, MAX), { ok: false, why: 'empty' })
  assert.deepEqual(parseDecimal('10000000001', FEN, MAX), { ok: false, why: 'too_large' })
})

test('every amount of grams written in a unit reads back as itself', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: MAX }),
      fc.constantFrom(...(Object.keys(MASS_UNITS) as MassUnit[])),
      (grams, unit) => {
        assert.deepEqual(parseDecimal(inUnit(grams, unit), MASS_UNITS[unit].grams, MAX), { ok: true, value: grams })
      },
    ),
  )
})

test('a form opens in the unit that reads shortest', () => {
  assert.equal(fittingUnit(2_500_000, LOT_UNITS), 'tonne')
  assert.equal(fittingUnit(50_000_000, LOT_UNITS), 'wanJin')
  assert.equal(fittingUnit(1_333_333, LOT_UNITS), 'jin')
  assert.equal(fittingUnit(500, LOT_UNITS), 'jin')
})
