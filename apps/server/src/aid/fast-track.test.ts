import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastTrack, FastTrackDraft } from '@chunbo/contract'
import { type AidWorld, createAidWorld, JINGDONG } from './testing/aid-world.ts'

let world: AidWorld
before(async () => {
  world = await createAidWorld()
})
after(() => world.close())

const ask = async (method: 'GET' | 'PUT' | 'POST', caseId: number, path: string, body?: unknown) =>
  world.site.ask({ method, url: `/api/relief/cases/${caseId}/${path}`, as: world.desk, ...(body ? { body } : {}) })
const read = async (caseId: number) => (await ask('GET', caseId, 'fast-track')).json as unknown as FastTrack

async function keep(caseId: number, change: Partial<FastTrackDraft> = {}): Promise<FastTrack> {
  const { version, draft } = await read(caseId)
  const answer = await ask('PUT', caseId, 'fast-track', { version, draft: { ...draft, ...change } })
  assert.equal(answer.status, 200, JSON.stringify(answer.json))
  return answer.json as unknown as FastTrack
}
const publish = (caseId: number, version: number) => ask('POST', caseId, 'fast-track/publish', { version })

async function scheduleRoom(): Promise<number> {
  const host = await world.site.person({ role: 'host', countyCode: JINGDONG })
  const scheduledAt = new Date(Date.now() + 3_600_000).toISOString()
  const body = { countyCode: JINGDONG, titleZh: '景东豌豆', hostName: '李县长', scheduledAt }
  const { json } = await world.site.ask({ method: 'POST', url: '/api/rooms', as: host, body })
  return json.id as number
}

async function lotsOf(caseId: number) {
  return world.site.app.platform.db.query<{ lotId: number; shopId: number; grams: number; grade: string }>(
    `select l.id as "lotId", l.shop_id as "shopId", l.grams, l.grade from relief_case_lots r
     join lots l on l.id = r.lot_id where r.case_id = $1 order by l.id`,
    [caseId],
  )
}

test('a draft begins with everything that is known, and needs the inspection first', async () => {
  const caseId = await world.openCase('accepted')
  const track = await read(caseId)
  assert.deepEqual(track.missing, ['inspection'])
  assert.equal(track.draft.titleZh, '景东豌豆 产地直发'.replace('豌豆', track.produceZh))
  assert.match(track.draft.titleEn, /from Jingdong/)
  assert.match(track.draft.storyZh, /锦屏镇新民村/)
  assert.equal(track.draft.farmerFenPerKg, 500)
  assert.deepEqual([track.limitG, track.batches.length, track.version], [10_000_000, 0, 0])
})

test('what is typed is kept, and of two who keep it at once one is told', async () => {
  const caseId = await world.openCase('accepted')
  const { draft } = await read(caseId)
  const answers = await Promise.all(
    [600, 700].map((farmerFenPerKg) =>
      ask('PUT', caseId, 'fast-track', { version: 0, draft: { ...draft, step: 2, farmerFenPerKg } }),
    ),
  )
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
  const after = await read(caseId)
  assert.deepEqual([after.version, after.draft.step], [1, 2])
})

test('on sale: shop, lot, product, shelf, mark and stage, once, however often it is clicked', async () => {
  const roomId = await scheduleRoom()
  const caseId = await world.openCase('coordinating')
  const kept = await keep(caseId, { shopId: null, shopNameZh: '景东助农店', farmerFenPerKg: 600 })
  assert.deepEqual(kept.missing, [])
  const answers = await Promise.all([publish(caseId, kept.version), publish(caseId, kept.version)])
  for (const { status, json } of answers) assert.equal(status, 200, JSON.stringify(json))
  const again = await publish(caseId, 1)
  assert.equal(again.status, 200)
  const listed = (again.json as unknown as FastTrack).listed
  assert.equal(listed?.skus.length, 1)
  assert.equal(listed?.room?.id, roomId)
  const [sku] = listed?.skus ?? []
  assert.equal(sku?.status, 'on_sale')
  assert.deepEqual(
    (await lotsOf(caseId)).map(({ grams, grade }) => [grams, grade]),
    [[10_000_000, 'first']],
  )
  assert.equal((sku?.stock ?? 0) * (sku?.netG ?? 0), 10_000_000)
  const page = await world.site.ask({ url: `/api/skus/${sku?.skuId}` })
  assert.match(String(page.json.storyZh), /买家不另付/)
  assert.match(String(page.json.storyZh), /评为一级/)
  const room = await world.site.ask({ url: `/api/rooms/${roomId}` })
  assert.deepEqual(
    (room.json.shelf as { sku: { skuId: number } }[]).map((item) => item.sku.skuId),
    [sku?.skuId],
  )
  const { db } = world.site.app.platform
  const log = await db.query<{ kind: string }>(
    `select kind from relief_log where case_id = $1 and to_stage = 'listed'`,
    [caseId],
  )
  assert.equal(log.length, 1)
  assert.equal((await db.query('select from shops where name_zh = $1', ['景东助农店'])).length, 1)
  for (const person of [world.desk, world.commissioner]) {
    const mine = await world.site.ask({ url: '/api/my/shops', as: person })
    assert.equal((mine.json.items as unknown[]).length, 1, 'whoever opened the shop and the commissioner work in it')
  }
})

test('goods that came on sale without a room go onto the shelf of the next one, once', async () => {
  await world.site.app.platform.db.query(`update rooms set status = 'ended', ended_at = now() where status <> 'ended'`)
  const caseId = await world.openCase('coordinating')
  const kept = await keep(caseId, { shopId: null, shopNameZh: '镇上的店', farmerFenPerKg: 600 })
  const { slices } = world.site.app
  const shelve = slices.aid.jobs?.find(({ name }) => name === 'aid.shelve')
  assert.ok(shelve)
  assert.equal((await publish(caseId, kept.version)).status, 200)
  assert.equal((await read(caseId)).listed?.room, null)
  await shelve.run()
  const roomId = await scheduleRoom()
  await Promise.all([shelve.run(), shelve.run()])
  const shelf = async () => {
    const rows = await world.site.app.platform.db.query<{ skuId: number }>(
      'select sku_id as "skuId" from room_shelf where room_id = $1',
      [roomId],
    )
    return rows.map(({ skuId }) => skuId)
  }
  const skuIds = (await read(caseId)).listed?.skus.map(({ skuId }) => skuId)
  assert.deepEqual(await shelf(), skuIds)
  // What the host takes off stays off.
  await world.site.app.platform.db.query('delete from room_shelf where room_id = $1', [roomId])
  await shelve.run()
  assert.deepEqual(await shelf(), [])
  await world.site.app.platform.db.query(`update rooms set status = 'ended', ended_at = now() where id = $1`, [roomId])
})

test('what does not stand at publishing leaves nothing behind', async () => {
  const caseId = await world.openCase('coordinating')
  const before = await keep(caseId)
  const { packs } = before.draft
  const [pack] = packs
  assert.ok(pack)
  const tooMany = await keep(caseId, { packs: [{ ...pack, packs: pack.packs + 1 }] })
  assert.deepEqual(tooMany.missing, ['grams'])
  const refused = await publish(caseId, tooMany.version)
  assert.deepEqual([refused.status, refused.json.code], [409, 'aid.draft_incomplete'])
  const cheap = await keep(caseId, { packs: [{ ...pack, priceFen: 1000 }] })
  assert.deepEqual(cheap.missing, ['price'])
  const stale = await publish(caseId, before.version)
  assert.equal(stale.json.code, 'aid.changed_meanwhile')
  assert.deepEqual(await lotsOf(caseId), [])
})

test('listed grams keep to what was accepted and passed, also afterwards in the studio', async () => {
  const caseId = await world.openCase('coordinating', { grams: 8_000_000, passedG: [6_000_000, 5_000_000] })
  const track = await read(caseId)
  assert.deepEqual([track.limitG, track.batches.map(({ grams }) => grams)], [8_000_000, [6_000_000, 2_000_000]])
  const kept = await keep(caseId)
  assert.deepEqual(kept.missing, [])
  assert.equal((await publish(caseId, kept.version)).status, 200)
  const lots = await lotsOf(caseId)
  assert.deepEqual(
    lots.map(({ grams }) => grams),
    [6_000_000, 2_000_000],
  )
  const [lot] = lots
  assert.ok(lot)
  const staff = await world.site.person({ role: 'shop', shopId: lot.shopId })
  const url = `/api/shops/${lot.shopId}/lots`
  const { items } = (await world.site.ask({ url, as: staff })).json as { items: Record<string, unknown>[] }
  const own = items.find(({ id }) => id === lot.lotId)
  const names = ['produceSlug', 'countyCode', 'township', 'village', 'farm', 'harvestFrom', 'harvestTo', 'grade']
  const body = { ...Object.fromEntries(names.map((name) => [name, own?.[name]])), grams: 6_000_001 }
  const raised = await world.site.ask({ method: 'PUT', url: `${url}/${lot.lotId}`, as: staff, body })
  assert.deepEqual([raised.status, raised.json.code], [409, 'catalogue.lot_grams_max'])
})

test('a draft from before the inspection takes the packs that were passed', async () => {
  const caseId = await world.openCase('accepted')
  await keep(caseId, { farmerFenPerKg: 600 })
  await world.move(caseId, 'inspecting', 'coordinating')
  const key = await world.pass(caseId, 5_000_000, 'second')
  const track = await read(caseId)
  assert.deepEqual(track.missing, [])
  const [pack] = track.draft.packs
  assert.deepEqual([pack?.batch, (pack?.packs ?? 0) * (pack?.netG ?? 0)], [key, 5_000_000])
})

test('a shop that closes meanwhile is asked for again; goods of a strange shop are refused', async () => {
  const caseId = await world.openCase('coordinating')
  const shopId = await world.site.app.slices.shops.open({ countyCode: JINGDONG, nameZh: '会关的店' })
  const kept = await keep(caseId, { shopId })
  assert.deepEqual(kept.missing, [])
  const staff = await world.site.person({ role: 'shop', shopId })
  const closing = world.site.ask({
    method: 'PATCH',
    url: `/api/shops/${shopId}`,
    as: staff,
    body: { status: 'closed' },
  })
  const [closed, published] = await Promise.all([closing, publish(caseId, kept.version)])
  assert.equal(closed.status, 200)
  const onSale = await world.site.app.platform.db.query(`select from skus where shop_id = $1 and status = 'on_sale'`, [
    shopId,
  ])
  assert.equal(onSale.length, 0, `a closed shop sells nothing (publishing answered ${published.status})`)
  if (published.status !== 200) assert.match(String(published.json.code), /shop_closed|draft_incomplete/)
})

test('a case without a known produce, one that is over and one that is not there', async () => {
  const caseId = await world.openCase('coordinating')
  await world.site.app.platform.db.query(
    `update relief_cases set produce_slug = null, produce_text = '本地豆' where id = $1`,
    [caseId],
  )
  const kept = await keep(caseId)
  assert.equal((await publish(caseId, kept.version)).json.code, 'aid.produce_unknown')
  const over = await world.openCase('verified')
  assert.equal((await ask('GET', over, 'fast-track')).json.code, 'aid.not_on_track')
  assert.equal((await ask('GET', 999_999, 'fast-track')).json.code, 'relief.case_not_found')
})

test('a case of one gram can be listed, and one of a hundred thousand tonnes', async () => {
  for (const grams of [1, 100_000_000_000]) {
    const caseId = await world.openCase('coordinating', { grams })
    const kept = await keep(caseId)
    assert.deepEqual(kept.missing, [])
    const answer = await publish(caseId, kept.version)
    assert.equal(answer.status, 200, JSON.stringify(answer.json))
  }
})
