import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { CsvResult } from '@chunbo/contract'
import fc from 'fast-check'
import { decodeCsv, readCsv } from './csv-file.ts'
import { createIntakeWorld, dayFromToday, type IntakeWorld, JINGDONG } from './testing/intake-world.ts'

let world: IntakeWorld
let desk: number
before(async () => {
  world = await createIntakeWorld()
  desk = await world.person({ role: 'relief_desk' })
})
after(() => world.close())

const HEADER = '编号,品名,数量,县,乡镇,采收开始,采收结束,联系人,电话'
const row = (
  key: string,
  change: { produce?: string; quantity?: string; county?: string; to?: string; phone?: string } = {},
) =>
  [
    key,
    change.produce ?? '豌豆',
    change.quantity ?? '3万斤',
    change.county ?? '景东彝族自治县',
    '锦屏镇',
    dayFromToday(-3),
    change.to ?? dayFromToday(9),
    '李大爷',
    change.phone ?? '13900000000',
  ].join(',')

async function upload(text: string | Buffer, as = desk, sender = 'office') {
  const answer = await world.ask({
    method: 'POST',
    url: `/api/relief/alerts/csv?sender=${encodeURIComponent(sender)}`,
    as,
    headers: { 'content-type': 'text/csv' },
    body: text,
  })
  return { ...answer, result: answer.json as unknown as CsvResult }
}

test('each row is taken or refused by itself, with its line and code; sent again, nothing opens twice', async () => {
  const file = [
    HEADER,
    row('1'),
    row('2', { quantity: '3车' }),
    row('3', { quantity: '"200亩，亩产3000斤"', county: '云南省普洱市景东彝族自治县' }),
    row('4', { county: '太阳县' }),
    row('5', { to: dayFromToday(-2).replaceAll('-', '/') }),
    'half,a,row',
    row('7', { phone: '12' }),
    row('8', { produce: '雪莲果', county: String(JINGDONG) }),
  ].join('\r\n')
  const { status, result } = await upload(file)
  assert.equal(status, 200)
  assert.deepEqual([result.opened, result.replayed, result.refused], [3, 0, 5])
  assert.deepEqual(
    result.rows.map(({ line, key, code, grams }) => [line, key, code ?? grams]),
    [
      [2, '1', 15_000_000],
      [3, '2', 'relief.unit_no_mass'],
      [4, '3', 300_000_000],
      [5, '4', 'relief.place_unknown'],
      [6, '5', 'relief.harvest_over'],
      [7, 'half', 'relief.csv_fields'],
      [8, '7', 'relief.phone_invalid'],
      [9, '8', 15_000_000],
    ],
  )
  const again = await upload(file)
  assert.deepEqual([again.result.opened, again.result.replayed, again.result.refused], [0, 3, 5])
  assert.deepEqual(again.result.rows[0]?.token, result.rows[0]?.token)
})

test('a spreadsheet of Chinese offices in GB 18030 and one in UTF-8 with a mark are both read', async () => {
  const marked = await upload(`\uFEFF${HEADER}\n${row('u1')}\n`)
  assert.equal(marked.result.opened, 1)
  // "豌豆" in GB 18030, as a spreadsheet saves it.
  assert.equal(decodeCsv(Buffer.from([0xcd, 0xe3, 0xb6, 0xb9])), '豌豆')
})

test('a commissioner reports for the own county only', async () => {
  const commissioner = await world.person({ role: 'commissioner', countyCode: JINGDONG })
  const { result } = await upload([HEADER, row('c1'), row('c2', { county: '平顺县' })].join('\n'), commissioner, 'c')
  assert.deepEqual(
    result.rows.map(({ code }) => code),
    [null, 'identity.not_allowed'],
  )
})

test('a file without its columns, with too many rows, or of another kind is refused whole', async () => {
  const lame = await upload('key,produce\n1,豌豆')
  assert.equal(lame.json.code, 'relief.csv_header')
  assert.match((lame.json.params as { missing: string }).missing, /quantity/)
  const long = await upload([HEADER, ...Array.from({ length: 501 }, (_, at) => row(String(at)))].join('\n'))
  assert.equal(long.json.code, 'relief.csv_too_many_rows')
  const url = '/api/relief/alerts/csv'
  assert.equal((await world.ask({ method: 'POST', url, as: desk, body: {} })).json.code, 'relief.csv_needed')
  assert.equal((await upload(Buffer.alloc(3 * 1024 * 1024, 65))).status, 413)
})

test('property: what is quoted is read back, whatever it holds', () => {
  const field = fc.string({ maxLength: 20 }).map((text) => text.replace(/\r/g, ''))
  const record = fc.array(field, { minLength: 2, maxLength: 5 })
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), (records) => {
      const text = records.map((fields) => fields.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\r\n')
      assert.deepEqual(
        readCsv(text, 100).map(({ fields }) => fields),
        records,
      )
    }),
  )
})
