import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Database, openDatabase } from '../platform/database.ts'
import { createTestDatabase, type TestDatabase } from '../platform/testing/test-database.ts'
import { editShop } from './edit-shop.ts'
import { openShop } from './open-shop.ts'
import { listOpenShops, listShopsById, readShop } from './queries.ts'

const AT = new Date('2026-03-14T02:00:00Z')
let database: TestDatabase
let db: Database

before(async () => {
  database = await createTestDatabase()
  db = openDatabase(database.url)
  await db.query(`insert into divisions (code, level, name, parent_code) values (530000, 'province', '云南省', null),
    (530800, 'prefecture', '普洱市', 530000), (530823, 'county', '景东彝族自治县', 530800),
    (530825, 'county', '镇沅', 530800)`)
})
after(async () => {
  await db.close()
  await database.close()
})

const open = (nameZh: string, countyCode = 530823) => openShop(db, { countyCode, nameZh }, AT)

test('a shop opens in a county and nowhere above it', async () => {
  const shop = await readShop(db, await open('一店'))
  assert.deepEqual([shop.nameZh, shop.nameEn, shop.status, shop.version], ['一店', '', 'open', 1])
  assert.equal(shop.county.prefecture, '普洱市')
  for (const code of [530000, 530800, 999999]) await assert.rejects(open('无', code), { code: 'shops.county_unknown' })
})

test('an edit changes what it names and nothing else', async () => {
  const id = await openShop(db, { countyCode: 530823, nameZh: '二店', nameEn: 'Second', aboutZh: '合作社' }, AT)
  await editShop(db, id, { nameZh: '二号店', nameEn: '' }, AT, undefined)
  const shop = await readShop(db, id)
  assert.deepEqual([shop.nameZh, shop.nameEn, shop.aboutZh, shop.version], ['二号店', '', '合作社', 2])
})

test('of edits that read the same version one is made', async () => {
  const id = await open('三店')
  const results = await Promise.allSettled(
    ['甲', '乙', '丙'].map((nameZh) => editShop(db, id, { version: 1, nameZh }, AT, undefined)),
  )
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
  assert.deepEqual(refused, ['shops.changed_meanwhile', 'shops.changed_meanwhile'])
  await assert.rejects(editShop(db, 999_999, { version: 1 }, AT, undefined), { code: 'shops.not_found' })
})

test('when what closing brings with it fails, the shop stays open', async () => {
  const id = await open('四店')
  const failing = async () => {
    throw new Error('goods could not be taken off')
  }
  await assert.rejects(editShop(db, id, { status: 'closed' }, AT, failing), /could not be taken off/)
  assert.equal((await readShop(db, id)).status, 'open')
})

test('shops of a county come in pages, the closed ones only to those who ask by id', async () => {
  const ids = []
  for (const name of ['五', '六', '七']) ids.push(await open(name, 530825))
  const [first = 0, second = 0, third = 0] = ids
  await editShop(db, second, { status: 'closed' }, AT, undefined)
  const page = await listOpenShops(db, { countyCode: 530825, afterId: 0, limit: 1 })
  assert.deepEqual([page.items.map(({ id }) => id), page.next], [[first], String(first)])
  const rest = await listOpenShops(db, { countyCode: 530825, afterId: Number(page.next), limit: 1 })
  assert.deepEqual([rest.items.map(({ id }) => id), rest.next], [[third], null])
  assert.deepEqual(
    (await listShopsById(db, ids)).map(({ status }) => status),
    ['open', 'closed', 'open'],
  )
})
