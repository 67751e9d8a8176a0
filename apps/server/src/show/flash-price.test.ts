import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { CheckoutResult, DeskActions, FlashDrop, Problem, RoomDrop, SkuEdit } from '@chunbo/contract'
import type { Static } from 'typebox'
import { createLiveWorld, JINGDONG, type LiveWorld } from '../live/testing/live-world.ts'
import { RoomViewer } from '../live/testing/room-viewer.ts'

/** The invariant of this file: a flash price ends once, gives back the price that was there before, and touches no price that a hand has set. */

let world: LiveWorld
before(async () => {
  world = await createLiveWorld()
})
after(() => world.close())

type Goods = { shopId: number; skuId: number }
const priceOf = async ({ shopId, skuId }: Goods) =>
  (
    await world.app.platform.db.query<{ fen: number; version: number }>(
      `select t.price_fen as fen, t.version from sku_stock t join skus k on k.shop_id = t.shop_id and k.id = t.sku_id and k.version = t.version
       where t.shop_id = $1 and t.sku_id = $2`,
      [shopId, skuId],
    )
  )[0]
const edit = async (goods: Goods, change: Omit<SkuEdit, 'version'>) =>
  world.app.slices.catalogue.editSku(
    goods.shopId,
    goods.skuId,
    { version: (await priceOf(goods))?.version ?? 0, ...change },
    world.hostId,
  )

async function stage(practice = false) {
  const { id } = await world.room(practice ? { practice } : {})
  const goods = await world.goods()
  await world.desk('PUT', `/api/rooms/${id}/shelf`, { items: [goods] })
  const open = (priceFen: number, sku: Goods = goods) =>
    world.ask<RoomDrop & Problem>('POST', `/api/rooms/${id}/flash`, {
      as: world.hostId,
      body: { ...sku, priceFen, minutes: 10 },
    })
  const flash = async (priceFen: number) => {
    const { status, body } = await open(priceFen)
    assert.equal(status, 201, JSON.stringify(body))
    return body as unknown as Static<typeof FlashDrop>
  }
  return { id, goods, open, flash }
}
/** Lets the time of a drop be over. */
const passTime = (dropId: number) =>
  world.app.platform.db.query(
    `update room_drops set opened_at = now() - interval '20 min', closes_at = now() - interval '10 min' where id = $1`,
    [dropId],
  )

test('the price changes at once for all, a cart with the old one is told so, and it goes back when the time is over', async () => {
  const { id, goods, flash } = await stage()
  const viewer = await new RoomViewer(`${world.wsUrl}/api/rooms/${id}/socket`).whenView(() => true)
  const { wasFen, priceFen, id: dropId } = await flash(690)
  assert.deepEqual([wasFen, priceFen], [990, 690])
  await viewer.whenView(({ drops }) => drops.some((drop) => drop.kind === 'flash' && drop.open && drop.wasFen === 990))
  await viewer.whenView(({ shelf }) => shelf[0]?.priceFen === 690)

  const buyer = await world.person('小红')
  const address = { name: '小红', phone: '13800000000', regionCode: JINGDONG, detail: '锦屏镇 1 号', isDefault: true }
  const { body: to } = await world.ask<{ id: number }>('POST', '/api/me/addresses', { as: buyer, body: address })
  const buy = (expectedPriceFen: number) =>
    world.ask<CheckoutResult & Problem>('POST', '/api/checkouts', {
      as: buyer,
      key: crypto.randomUUID(),
      body: { lines: [{ ...goods, qty: 1, expectedPriceFen }], addressId: to.id, roomId: id },
    })
  assert.equal((await buy(990)).body.code, 'orders.price_changed')
  assert.equal((await buy(690)).body.totalFen, 690)

  await passTime(dropId)
  await world.app.slices.show.round()
  await viewer.whenView(({ drops, shelf }) => shelf[0]?.priceFen === 990 && drops.every(({ open }) => !open))
  assert.equal((await buy(690)).body.code, 'orders.price_changed')
  viewer.ws.close()
})

test('whoever ends it, however many at once, and after a restart: it goes back once', async () => {
  const { id, goods, flash } = await stage()
  const { id: dropId } = await flash(690)
  await world.restart()
  await passTime(dropId)
  const { show } = world.app.slices
  const path = `/api/rooms/${id}/drops/${dropId}/close`
  await Promise.all([show.round(), show.round(), world.ask('POST', path, { as: world.hostId }), show.closeDrop(dropId)])
  assert.deepEqual(await priceOf(goods), { fen: 990, version: 4 })
  await edit(goods, { priceFen: 690 })
  await Promise.all([show.round(), show.closeDrop(dropId)])
  assert.equal((await priceOf(goods))?.fen, 690)
})

test('a price set by hand meanwhile stays, also when it is the flash price again; other edits do not count', async () => {
  for (const [changes, after] of [
    [[{ priceFen: 890 }], 890],
    [[{ priceFen: 890 }, { priceFen: 690 }], 690],
    [[{ titleZh: '甜豌豆，今早摘的' }], 990],
  ] as const) {
    const { goods, flash } = await stage()
    const { id } = await flash(690)
    for (const change of changes) await edit(goods, change)
    await world.app.slices.show.closeDrop(id)
    assert.equal((await priceOf(goods))?.fen, after)
  }
})

test('undoing ends it early; what is struck through is the lowest price of the week', async () => {
  const { id, goods, open, flash } = await stage()
  await flash(690)
  const { actions } = (await world.ask<DeskActions>('GET', `/api/rooms/${id}/actions`, { as: world.hostId })).body
  const action = actions.find(({ kind }) => kind === 'flash')
  assert.ok(action?.undoable)
  const undo = await world.ask('POST', `/api/rooms/${id}/actions/${action.id}/undo`, { as: world.hostId })
  assert.equal(undo.status, 200)
  assert.equal((await priceOf(goods))?.fen, 990)
  assert.equal((await flash(590)).wasFen, 690)
  assert.equal((await open(490)).body.code, 'show.flash_running')
  assert.equal((await priceOf(goods))?.fen, 590, 'what was refused has changed nothing')
})

test('what a room may not do to a price', async () => {
  const { open } = await stage()
  assert.equal((await open(990)).body.code, 'catalogue.price_not_lower')
  assert.equal((await open(690, await world.goods())).body.code, 'live.sku_not_on_shelf')
  const rehearsal = await stage(true)
  const shown = await rehearsal.flash(690)
  assert.deepEqual([shown.priceFen, shown.wasFen], [690, 990])
  assert.equal((await priceOf(rehearsal.goods))?.fen, 990)
  await world.app.slices.show.closeDrop(shown.id)
  assert.deepEqual(await priceOf(rehearsal.goods), { fen: 990, version: 2 })
})

test('two desks at once on one SKU, in two rooms: one has it, and the price comes back', async () => {
  const { goods, flash, open } = await stage()
  const other = await stage()
  await world.desk('PUT', `/api/rooms/${other.id}/shelf`, { items: [goods] })
  const answers = await Promise.all([open(690), other.open(590, goods), open(640), other.open(650, goods)])
  const opened = answers.filter(({ status }) => status === 201)
  assert.equal(opened.length, 1)
  for (const { body } of opened) await world.app.slices.show.closeDrop(body.id)
  assert.equal((await priceOf(goods))?.fen, 990)
  assert.ok((await flash(500)).wasFen <= 690)
})
