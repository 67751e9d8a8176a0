import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseQuantity, QUANTITY_G_MAX, QUANTITY_UNITS, readQuantity, sayQuantity } from './quantity.ts'

const GRAMS_PER_UNIT: readonly [string, number][] = [
  ['克', 1],
  ['两', 50],
  ['斤', 500],
  ['市斤', 500],
  ['公斤', 1000],
  ['千克', 1000],
  ['担', 50_000],
  ['吨', 1_000_000],
  ['万斤', 5_000_000],
  ['kg', 1000],
  ['KG', 1000],
  [' t ', 1_000_000],
  ['jin', 500],
]
const amount = fc.integer({ min: 1, max: 99_999_999 }).map((thousandths) => {
  const text = String(thousandths).padStart(4, '0')
  return { thousandths, text: `${text.slice(0, -3)}.${text.slice(-3)}` }
})

test('one of each unit is as many grams as the market says', () => {
  for (const [unit, grams] of GRAMS_PER_UNIT) {
    assert.deepEqual(readQuantity({ amount: '1', unit }), { grams }, unit)
  }
  assert.deepEqual(readQuantity({ amount: '1', unit: '磅' }), { grams: 454 })
  assert.deepEqual(readQuantity({ amount: '1000', unit: '磅' }), { grams: 453_592 })
})

test('one gram and a hundred thousand tonnes are quantities, a million and one are a slip', () => {
  assert.deepEqual(readQuantity({ amount: '1', unit: '克' }), { grams: 1 })
  assert.deepEqual(readQuantity({ amount: '100000', unit: '吨' }), { grams: 100_000_000_000 })
  assert.deepEqual(readQuantity({ amount: '1000000', unit: '吨' }), { grams: QUANTITY_G_MAX })
  assert.deepEqual(readQuantity({ amount: '1000000.001', unit: '吨' }), { refused: 'too_much' })
  assert.deepEqual(readQuantity({ amount: '999999999999', unit: '万吨' }), { refused: 'too_much' })
  assert.deepEqual(readQuantity({ amount: '0.001', unit: '克' }), { refused: 'too_little' })
})

test('no number, zero, a negative one and too many places are refused', () => {
  for (const text of ['', '0', '0.000', '-1', '1e3', '1.2345', '三', 'NaN', '1 2', '.5']) {
    assert.deepEqual(readQuantity({ amount: text, unit: '斤' }), { refused: 'amount_unreadable' }, text)
  }
})

test('what is no mass is asked for in tonnes, and what nobody knows is unknown', () => {
  for (const unit of ['车', '箱', '筐', '袋', '升', 'truck', 'Boxes']) {
    assert.deepEqual(readQuantity({ amount: '3', unit }), { refused: 'unit_no_mass' }, unit)
  }
  for (const unit of ['', '寸', 'stone', '斤斤']) {
    assert.deepEqual(readQuantity({ amount: '3', unit }), { refused: 'unit_unknown' }, unit)
  }
})

test('land needs what it yields, as a mass', () => {
  const yieldPerUnit = { amount: '3000', unit: '斤' }
  assert.deepEqual(readQuantity({ amount: '200', unit: '亩', yieldPerUnit }), { grams: 300_000_000 })
  assert.deepEqual(readQuantity({ amount: '1.5', unit: '公顷', yieldPerUnit: { amount: '22.5', unit: '吨' } }), {
    grams: 33_750_000,
  })
  assert.deepEqual(readQuantity({ amount: '200', unit: '亩' }), { refused: 'yield_needed' })
  for (const wrong of [
    { amount: '3', unit: '车' },
    { amount: '3', unit: '亩' },
    { amount: '0', unit: '斤' },
  ]) {
    assert.deepEqual(readQuantity({ amount: '2', unit: '亩', yieldPerUnit: wrong }), { refused: 'yield_unreadable' })
  }
})

test('property: grams are the exact product, rounded half up', () => {
  fc.assert(
    fc.property(amount, fc.constantFrom(...GRAMS_PER_UNIT), ({ thousandths, text }, [unit, grams]) => {
      const exact = BigInt(thousandths) * BigInt(grams)
      const rounded = (exact + 500n) / 1000n
      const read = readQuantity({ amount: text, unit })
      if (rounded < 1n) assert.deepEqual(read, { refused: 'too_little' })
      else if (rounded > BigInt(QUANTITY_G_MAX)) assert.deepEqual(read, { refused: 'too_much' })
      else assert.deepEqual(read, { grams: Number(rounded) })
    }),
  )
})

test('property: land times yield does not depend on which of the two is said with places', () => {
  fc.assert(
    fc.property(amount, amount, (land, yielded) => {
      const one = readQuantity({ amount: land.text, unit: '亩', yieldPerUnit: { amount: yielded.text, unit: '斤' } })
      const other = readQuantity({ amount: yielded.text, unit: '亩', yieldPerUnit: { amount: land.text, unit: '斤' } })
      assert.deepEqual(one, other)
    }),
  )
})

test('property: whatever is sent, the answer is a whole number of grams in bounds or a refusal', () => {
  const anyText = fc.oneof(fc.string(), fc.constantFrom(...QUANTITY_UNITS), fc.constantFrom('12', '0.5', '-3'))
  fc.assert(
    fc.property(anyText, anyText, fc.option(fc.tuple(anyText, anyText), { nil: undefined }), (text, unit, yielded) => {
      const yieldPerUnit = yielded ? { amount: yielded[0], unit: yielded[1] } : undefined
      const read = readQuantity({ amount: text, unit, yieldPerUnit })
      if ('grams' in read) assert.ok(Number.isInteger(read.grams) && read.grams >= 1 && read.grams <= QUANTITY_G_MAX)
      else assert.equal(typeof read.refused, 'string')
    }),
  )
})

test('a quantity in one piece is taken apart', () => {
  const cases: [string, number][] = [
    ['3万斤', 15_000_000],
    ['15 吨', 15_000_000],
    ['约 1,200 公斤', 1_200_000],
    ['２００亩，亩产3000斤', 300_000_000],
    ['200 亩，每亩 3000 斤', 300_000_000],
    ['2.5 T', 2_500_000],
    ['200 mu, 1500 kg/mu', 300_000_000],
    ['10公顷 每公顷 22吨', 220_000_000],
  ]
  for (const [text, grams] of cases) {
    const said = parseQuantity(text)
    assert.ok(said, text)
    assert.deepEqual(readQuantity(said), { grams }, text)
  }
  for (const text of ['', '很多', '三万斤', '3', '-3 吨', '3-5 吨']) assert.equal(parseQuantity(text), null, text)
  assert.deepEqual(parseQuantity('5车'), { amount: '5', unit: '车' })
})

test('property: what is said is read back as the same grams', () => {
  fc.assert(
    fc.property(
      amount,
      fc.constantFrom('斤', '公斤', '吨', '万斤', '担'),
      amount,
      fc.boolean(),
      (one, unit, two, land) => {
        const said = land
          ? { amount: one.text, unit: '亩', yieldPerUnit: { amount: two.text, unit } }
          : { amount: one.text, unit }
        const back = parseQuantity(sayQuantity(said))
        assert.ok(back)
        assert.deepEqual(readQuantity(back), readQuantity(said))
      },
    ),
  )
})
