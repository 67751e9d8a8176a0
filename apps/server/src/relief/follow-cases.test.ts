/** The invariant of this file: what a case has sold is the sum of the paid order lines of its lots, and it ends with the last pack. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { ReliefCase, ReliefMeasures, ReliefStage } from '@chunbo/contract'
import { one } from '../platform/database.ts'
import { moveCase } from './move-case.ts'
import { createIntakeWorld, dayFromToday, type IntakeWorld, JINGDONG } from './testing/intake-world.ts'

let world: IntakeWorld
let desk: number
let buyer: number
let addressId: number
before(async () => {
  world = await createIntakeWorld()
  desk = await world.person({ role: 'relief_desk' })
  buyer = await world.person()
  const body = { name: '李梅', phone: '13812345678', regionCode: JINGDONG, detail: '学校', isDefault: true }
  const { json } = await world.ask({ method: 'POST', url: '/api/me/addresses', as: buyer, body })
  addressId = json.id as number
})
after(() => world.close())

const db = () => world.app.platform.db
const readCase = async (id: number) =>
  (await world.ask({ url: `/api/relief/cases/${id}`, as: desk })).json as unknown as ReliefCase
const follow = () => world.app.slices.relief.followCases()
const UP_TO_LISTED: readonly ReliefStage[] = ['verified', 'offered', 'accepted', 'inspecting', 'coordinating', 'listed']

/** A case of 10 kg on sale as ten packs of 1 kg. */
async function listedCase(): Promise<{ caseId: number; skuId: number; shopId: number }> {
  const { caseId } = await world.open({ quantity: { amount: '10', unit: '公斤' } })
  await db().query('update relief_cases set grams = 10000, verified_by = $2 where id = $1', [caseId, desk])
  for (const to of UP_TO_LISTED) {
    await db().transaction((tx) => moveCase(tx, { caseId, to, actorId: desk, now: new Date(), kind: to }))
  }
  const { catalogue } = world.app.slices
  const shop = await db().query<{ id: number }>(
    `insert into shops (county_code, name_zh) values ($1, '景东合作社') returning id`,
    [JINGDONG],
  )
  const shopId = one(shop).id
  const lotId = await catalogue.createLot(shopId, {
    produceSlug: 'pea-pod',
    countyCode: JINGDONG,
    township: '',
    village: '',
    farm: '',
    harvestFrom: dayFromToday(-3),
    harvestTo: dayFromToday(10),
    grade: 'first',
    grams: 10_000,
  })
  const sku = {
    lotId,
    titleZh: '景东甜豌豆',
    titleEn: '',
    packZh: '',
    packEn: '',
    storyZh: '',
    storyEn: '',
    netG: 1_000,
    priceFen: 990,
    buyerLimit: 100,
    stock: 10,
    pictureIds: [],
  }
  const skuId = await catalogue.createSku(shopId, sku, desk)
  await catalogue.editSku(shopId, skuId, { version: 1, status: 'on_sale' }, desk)
  await db().query('insert into relief_case_lots (case_id, shop_id, lot_id, linked_at) values ($1, $2, $3, now())', [
    caseId,
    shopId,
    lotId,
  ])
  return { caseId, skuId, shopId }
}

/** Buys and pays packs, and lets the paid lines be counted. */
async function buy({ skuId, shopId }: { skuId: number; shopId: number }, qty: number): Promise<void> {
  const placed = await world.ask({
    method: 'POST',
    url: '/api/checkouts',
    as: buyer,
    body: { addressId, lines: [{ shopId, skuId, qty, expectedPriceFen: 990 }] },
    headers: { 'idempotency-key': randomUUID() },
  })
  assert.equal(placed.status, 201, JSON.stringify(placed.json))
  const checkoutId = placed.json.checkoutId as string
  const url = `/api/checkouts/${checkoutId}/pay`
  const paid = await world.ask({ method: 'POST', url, as: buyer, body: { method: 'sandbox' } })
  assert.equal(paid.status, 200, JSON.stringify(paid.json))
  await world.app.slices.impact.countNow()
}

test('the first sale begins the sale and the last pack ends the case with nothing spoiled', async () => {
  const sold = await listedCase()
  const moved: string[] = []
  world.app.slices.relief.onCaseMoved(({ caseId, to }) => {
    if (caseId === sold.caseId) moved.push(to)
  })
  await follow()
  assert.equal((await readCase(sold.caseId)).stage, 'listed')
  await buy(sold, 3)
  await follow()
  const selling = await readCase(sold.caseId)
  assert.deepEqual([selling.stage, selling.listedG, selling.soldG], ['selling', 10_000, 3_000])
  await buy(sold, 7)
  // Two nodes at once: one of them finds it done.
  await Promise.all([follow(), follow()])
  const closed = await readCase(sold.caseId)
  assert.deepEqual([closed.stage, closed.soldG, closed.spoiledG], ['closed', 10_000, 0])
  assert.deepEqual(moved, ['selling', 'closed'])
  assert.equal(closed.log.filter(({ toStage }) => toStage === 'closed').length, 1)
})

test('the clock ends a sale, and what was not sold has spoiled; what is sold later is sold and not in time', async () => {
  const late = await listedCase()
  await buy(late, 4)
  await follow()
  await db().query("update relief_cases set spoils_at = now() - interval '1 second' where id = $1", [late.caseId])
  await follow()
  const closed = await readCase(late.caseId)
  assert.deepEqual([closed.stage, closed.soldG, closed.spoiledG], ['closed', 4_000, 6_000])
  await buy(late, 2)
  await follow()
  const { json } = await world.ask({ url: '/api/relief/measures?by=desk', as: desk })
  const { all, rows } = json as unknown as ReliefMeasures
  assert.deepEqual(
    [all.gramsListed, all.gramsSold, all.gramsSoldInTime, all.gramsSpoiled],
    [20_000, 16_000, 14_000, 6_000],
  )
  assert.deepEqual([all.cases, all.gramsAtRisk, all.shareSoldInTime], [2, 20_000, 0.7])
  assert.deepEqual(
    rows.map(({ key }) => key),
    [String(desk)],
  )
})

test('two misses hand a case to the desk and then to the operator, once a time however many run', async () => {
  const { caseId } = await world.open()
  await db().query('update relief_cases set owner_id = $2 where id = $1', [caseId, desk])
  for (const level of ['relief_desk', 'operator']) {
    await db().query("update relief_cases set stage_due = now() - interval '1 minute' where id = $1", [caseId])
    await Promise.all([follow(), follow(), follow()])
    const { log, owner } = await readCase(caseId)
    assert.deepEqual([log.at(-1)?.kind, log.at(-1)?.facts.level, owner], ['escalated', level, null])
  }
  const board = (await world.ask({ url: '/api/relief/board', as: desk })).json
  assert.deepEqual([board.overdue, board.forOperator], [1, 1])
  const { items } = (await world.ask({ url: '/api/relief/cases?overdue=1', as: desk })).json as {
    items: { id: number }[]
  }
  assert.deepEqual(
    items.map(({ id }) => id),
    [caseId],
  )
})

test('of two who verify or move a case at once the second is refused', async () => {
  const { caseId } = await world.open()
  const body = { version: 1, evidence: '和村支书通了电话' }
  const ask = (act: string, what: object) =>
    world.ask({ method: 'POST', url: `/api/relief/cases/${caseId}/${act}`, as: desk, body: what })
  const answers = await Promise.all([
    ask('verify', body),
    ask('verify', body),
    ask('move', { version: 1, to: 'rejected', reason: '是假的' }),
    ask('assign', { version: 1, ownerId: desk }),
    world.ask({ method: 'PATCH', url: `/api/relief/cases/${caseId}`, as: desk, body: { version: 1, grams: 5 } }),
  ])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409, 409])
  const { version, log } = await readCase(caseId)
  assert.equal(version, 2)
  assert.equal(log.length, 2)
})
