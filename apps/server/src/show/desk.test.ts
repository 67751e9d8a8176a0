import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { DeskActions, DeskFigures, DeskPeople, DeskWarnings, RoomDesk, RunOfShow } from '@chunbo/contract'
import { JINGDONG } from '../live/testing/live-world.ts'
import type { RoomViewer } from '../live/testing/room-viewer.ts'
import { createShowWorld, type ShowWorld } from './testing/show-world.ts'

let world: ShowWorld
/** A second person of the host team. */
let helperId: number
before(async () => {
  world = await createShowWorld()
  helperId = await world.person('场控小王', { role: 'host', countyCode: JINGDONG })
})
after(() => world.close())

const items = (...goods: { shopId: number; skuId: number }[]) => ({ items: goods })
const actionsOf = async (roomId: number) =>
  (await world.ask<DeskActions>('GET', `/api/rooms/${roomId}/actions`, { as: world.hostId })).body.actions
const undo = (roomId: number, actionId: number, as = world.hostId) =>
  world.ask<DeskActions & { code?: string }>('POST', `/api/rooms/${roomId}/actions/${actionId}/undo`, { as })
const pinned = async (roomId: number) => (await world.page(roomId)).pinned?.skuId ?? null
/** The newest of a section that a desk's socket has got. */
function section<Data>(viewer: RoomViewer, name: string): Data | undefined {
  const frames = viewer.messages.filter((message) => message.t === 'desk' && message.section === name)
  const last = frames.at(-1)
  return last?.t === 'desk' ? (last.data as Data) : undefined
}
const whenSection = <Data>(viewer: RoomViewer, name: string, until: (data: Data) => boolean) =>
  viewer.when((each) => {
    const data = section<Data>(each, name)
    return data !== undefined && until(data)
  })

test('what one desk does the others see with the name, and it can be taken back once', async () => {
  const { id: roomId } = await world.room()
  const [peas, papaya] = [await world.goods(), await world.goods()]
  const other = await world.watch(roomId, helperId).whenView(() => true)
  const stranger = await world.watch(roomId).whenView(() => true)
  await world.desk('PUT', `/api/rooms/${roomId}/shelf`, items(peas, papaya))
  await world.desk('PUT', `/api/rooms/${roomId}/pin`, peas)
  await world.desk('PUT', `/api/rooms/${roomId}/pin`, papaya)
  await whenSection<DeskActions>(other, 'actions', ({ actions }) => actions.length === 3)
  assert.deepEqual(
    (await actionsOf(roomId)).map(({ kind, by, undoable }) => [kind, by, undoable]),
    [
      ['pin', '李主播', true],
      ['pin', '李主播', false],
      ['shelf', '李主播', true],
    ],
  )
  const [newest] = await actionsOf(roomId)
  assert.ok(newest)
  const answers = await Promise.all([
    undo(roomId, newest.id, helperId),
    undo(roomId, newest.id),
    undo(roomId, newest.id),
  ])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409], 'of those who undo the same one does')
  assert.equal(await pinned(roomId), peas.skuId, 'what was explained before')
  const [undone, earlier, shelf] = await actionsOf(roomId)
  assert.ok(undone?.undone && !undone.undoable && earlier && shelf)
  assert.equal((await undo(roomId, undone.id)).body.code, 'show.undone_already')
  assert.equal((await undo(roomId, earlier.id)).status, 200, 'now the one before is the newest that stands')
  assert.equal(await pinned(roomId), null)
  assert.equal((await undo(roomId, shelf.id)).status, 200)
  assert.deepEqual((await world.page(roomId)).shelf, [])
  await whenSection<DeskActions>(other, 'actions', ({ actions }) => actions.every((action) => action.undone !== null))
  assert.equal(section(stranger, 'actions'), undefined, 'viewers get nothing of the desk')
  assert.equal((await undo(roomId, 999_999)).body.code, 'show.action_not_found')
  const elsewhere = await world.room()
  assert.equal((await undo(elsewhere.id, shelf.id)).body.code, 'show.action_not_found')
})

test('what cannot be done any more stays done, and says so', async () => {
  const { id: roomId } = await world.room()
  const [peas, papaya] = [await world.goods(), await world.goods()]
  await world.desk('PUT', `/api/rooms/${roomId}/shelf`, items(peas, papaya))
  await world.desk('PUT', `/api/rooms/${roomId}/pin`, peas)
  await world.desk('PUT', `/api/rooms/${roomId}/pin`, papaya)
  await world.app.slices.catalogue.editSku(peas.shopId, peas.skuId, { version: 2, status: 'off' }, world.hostId)
  const [newest] = await actionsOf(roomId)
  assert.ok(newest)
  assert.equal((await undo(roomId, newest.id)).body.code, 'live.sku_not_on_sale')
  assert.equal((await actionsOf(roomId))[0]?.undone, null)
  assert.equal(await pinned(roomId), papaya.skuId)
  await world.app.platform.db.query(`update desk_actions set at = at - interval '16 minutes' where room_id = $1`, [
    roomId,
  ])
  assert.equal((await undo(roomId, newest.id)).body.code, 'show.undo_too_late')
})

test('goods are hidden and shown in their place, and packs are added by who is of the shop', async () => {
  const { id: roomId } = await world.room()
  const [peas, papaya] = [await world.goods({ stock: 5 }), await world.goods()]
  await world.desk('PUT', `/api/rooms/${roomId}/shelf`, items(peas, papaya))
  await world.desk('PUT', `/api/rooms/${roomId}/pin`, peas)
  const viewer = await world.watch(roomId).whenView(({ shelf }) => shelf.length === 2)
  const hide = (hidden: boolean) => world.desk('PUT', `/api/rooms/${roomId}/shelf/hidden`, { ...peas, hidden })
  await hide(true)
  await viewer.whenView(({ shelf, pin }) => shelf.length === 1 && pin === null)
  const desk = (await world.ask<RoomDesk>('GET', `/api/rooms/${roomId}/desk`, { as: world.hostId })).body
  assert.deepEqual(
    desk.shelf.map(({ sku, hidden }) => [sku.skuId, hidden ?? false]),
    [
      [peas.skuId, true],
      [papaya.skuId, false],
    ],
  )
  assert.equal(
    await world.refusal('PUT', `/api/rooms/${roomId}/pin`, { as: world.hostId, body: peas }),
    'live.sku_not_on_shelf',
  )
  const [hidden] = await actionsOf(roomId)
  assert.equal(hidden?.kind, 'hide')
  await undo(roomId, hidden.id)
  await viewer.whenView(({ shelf }) => shelf[0]?.skuId === peas.skuId)
  const more = (as: number, packs = 10) =>
    world.ask<{ code?: string; stock: number }>('POST', `/api/rooms/${roomId}/shelf/stock`, {
      as,
      body: { ...peas, packs },
    })
  assert.equal((await more(world.hostId)).body.code, 'show.shops_hand_needed')
  const keeper = await world.person('店主', { role: 'host', countyCode: JINGDONG })
  await world.app.slices.identity.grant({ userId: keeper, role: 'shop', shopId: peas.shopId })
  assert.equal((await more(keeper)).body.stock, 15)
  await viewer.whenView(({ shelf }) => shelf[0]?.stock === 15)
  assert.equal((await more(keeper, 100_000)).body.code, 'catalogue.lot_grams_exceeded')
  const [added] = await actionsOf(roomId)
  assert.deepEqual(added?.kind, 'stock')
  assert.equal((await undo(roomId, added.id)).status, 200)
  await viewer.whenView(({ shelf }) => shelf[0]?.stock === 5)
  const foreign = await world.goods()
  const answer = await world.refusal('POST', `/api/rooms/${roomId}/shelf/stock`, {
    as: keeper,
    body: { ...foreign, packs: 1 },
  })
  assert.equal(answer, 'live.sku_not_on_shelf')
})

test('the run is written by one desk after the other: who wrote on an older one is told, and nothing is lost', async () => {
  const { id: roomId } = await world.room()
  const path = `/api/rooms/${roomId}/run`
  const write = (as: number, body: object) => world.ask<RunOfShow & { code?: string }>('PUT', path, { as, body })
  const item = (titleZh: string, more: object = {}) => ({ titleZh, minutes: 10, ...more })
  assert.deepEqual((await world.ask<RunOfShow>('GET', path, { as: world.hostId })).body.version, 0)
  const first = await Promise.all([
    write(world.hostId, { version: 0, items: [item('开场'), item('豌豆', { script: '各位乡亲' })] }),
    write(helperId, { version: 0, items: [item('别的')] }),
  ])
  assert.deepEqual(first.map(({ status }) => status).sort(), [200, 409])
  assert.equal(first.find(({ status }) => status === 409)?.body.code, 'show.run_changed')
  const won = first.find(({ status }) => status === 200)?.body
  assert.ok(won && won.version === 1)
  const kept = won.items[0]
  assert.ok(kept)
  const second = (await write(helperId, { version: 1, items: [item('新的一项'), { ...item('改名'), id: kept.id }] }))
    .body
  assert.deepEqual([second.version, second.items[1]?.id, second.editedBy], [2, kept.id, '场控小王'])
  assert.ok(second.items[0] && second.items[0].id > kept.id, 'a new item has an id of its own')
  const other = await world.watch(roomId, helperId).whenView(() => true)
  const now = (itemId: number | null, as = world.hostId) =>
    world.ask<RunOfShow & { code?: string }>('POST', `${path}/current`, { as, body: { itemId } })
  const current = (await now(kept.id)).body.current
  assert.equal(current?.itemId, kept.id)
  await whenSection<RunOfShow>(other, 'run', (run) => run.current?.itemId === kept.id)
  assert.deepEqual((await now(kept.id)).body.current, current, 'again changes nothing')
  assert.equal((await now(999)).body.code, 'show.item_not_found')
  const removed = (await write(world.hostId, { version: 2, items: [item('只剩这个')] })).body
  assert.deepEqual([removed.version, removed.current], [3, null])
  const long = { version: 3, items: Array.from({ length: 11 }, () => item('长', { script: '字'.repeat(4_000) })) }
  assert.equal((await write(world.hostId, long)).body.code, 'show.run_too_long')
  assert.equal(
    (await write(world.hostId, { version: 3, items: [item('货', { skuId: 999_999 })] })).body.code,
    'show.sku_unknown',
  )
  await world.restart()
  assert.equal((await world.ask<RunOfShow>('GET', path, { as: world.hostId })).body.version, 3)
})

test('who sits at the desk is seen, and who leaves or falls silent is gone', async () => {
  const { id: roomId } = await world.room()
  const other = await world.watch(roomId, helperId).whenView(() => true)
  const sit = (as: number, body: object) => world.ask<DeskPeople>('PUT', `/api/rooms/${roomId}/seat`, { as, body })
  await sit(world.hostId, { seat: 'host', panel: 'prompter', device: 'phone' })
  await sit(world.hostId, { seat: 'host', panel: 'stream', device: 'computer' })
  await sit(helperId, { seat: 'moderator', panel: 'chat' })
  await whenSection<DeskPeople>(other, 'people', ({ people }) => people.length === 3)
  const { people } = (await sit(world.hostId, { seat: null, device: 'phone' })).body
  assert.deepEqual(
    people.map(({ name, seat, panel }) => [name, seat, panel]),
    [
      ['李主播', 'host', 'stream'],
      ['场控小王', 'moderator', 'chat'],
    ],
  )
  await whenSection<DeskPeople>(other, 'people', (told) => told.people.length === 2)
  await world.app.platform.db.query(
    `update desk_seats set seen_at = seen_at - interval '41 seconds' where room_id = $1 and user_id = $2`,
    [roomId, world.hostId],
  )
  await whenSection<DeskPeople>(other, 'people', (told) => told.people.length === 1)
  for (let device = 0; device < 12; device += 1) await sit(helperId, { seat: 'assistant', device: `d${device}` })
  const all = (await world.ask<DeskPeople>('GET', `/api/rooms/${roomId}/people`, { as: helperId })).body.people
  assert.ok(all.length <= 9, `${all.length} seats of one person`)
  for (const body of [{ seat: 'king' }, { seat: 'host', panel: 'x' }, { seat: 'host', device: '<b>' }, {}])
    assert.equal(await world.refusal('PUT', `/api/rooms/${roomId}/seat`, { as: helperId, body }), 'request.invalid')
})

test('a notice reaches everybody, and six a minute are enough for all desks together', async () => {
  const { id: roomId } = await world.room()
  const viewer = await world.watch(roomId).whenView(() => true)
  const say = (as: number, textZh: string) =>
    world.ask<{ code?: string }>('POST', `/api/rooms/${roomId}/notices`, { as, body: { textZh } })
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, at) => say(at % 2 ? helperId : world.hostId, `第 ${at} 条`)),
  )
  assert.equal(answers.filter(({ status }) => status === 200).length, 6)
  assert.equal(answers.filter(({ body }) => body.code === 'show.too_many_notices').length, 4)
  await viewer.when(({ messages }) => JSON.stringify(messages).split('"t":"notice"').length === 7)
  assert.equal((await say(world.hostId, '   ')).body.code, 'show.text_empty')
})

test('the desk is warned of what it may not see, and its figures are those of the room', async () => {
  const { id: roomId } = await world.room()
  const [low, none] = [await world.goods({ stock: 3 }), await world.goods({ stock: 0 })]
  await world.desk('PUT', `/api/rooms/${roomId}/shelf`, items(low, none))
  await world.app.platform.db.query(
    `update rooms set status = 'live', started_at = now() - interval '10 minutes' where id = $1`,
    [roomId],
  )
  const warnings = async () =>
    (await world.ask<DeskWarnings>('GET', `/api/rooms/${roomId}/warnings`, { as: world.hostId })).body.warnings
  const codes = async () => (await warnings()).map(({ code, skuId }) => [code, skuId])
  assert.deepEqual(await codes(), [
    ['stock_low', low.skuId],
    ['sold_out', none.skuId],
    ['no_pin', undefined],
    ['stream_away', undefined],
  ])
  await world.desk('PUT', `/api/rooms/${roomId}/pin`, low)
  assert.ok(!(await codes()).some(([code]) => code === 'no_pin'))
  const since = (await warnings())[0]?.sinceMs
  assert.equal((await warnings())[0]?.sinceMs, since, 'a warning keeps its beginning')
  const desk = await world.watch(roomId, world.hostId).whenView(() => true)
  const visitor = await world.watch(roomId).whenView(() => true)
  for (const viewer of [visitor, visitor, desk]) viewer.ws.send('{"t":"look"}')
  const inRoom = () => world.app.slices.live.inMemory(roomId)?.figures
  while (inRoom()?.looks !== 1) await new Promise((resolve) => setImmediate(resolve))
  const figures = async () =>
    (await world.ask<DeskFigures>('GET', `/api/rooms/${roomId}/figures`, { as: world.hostId })).body
  await whenSection<DeskFigures>(desk, 'figures', ({ viewers }) => viewers === 1)
  await world.app.slices.evening.keepMinutesNow()
  const { viewers, viewersPeak, minutesOnAir, orders, fen, grams, funnel } = await figures()
  assert.deepEqual([viewers, viewersPeak, minutesOnAir, orders, fen, grams], [1, 1, 10, 0, 0, 0])
  assert.deepEqual(funnel, { entered: 1, opened: 1, viewersPeak: 1, waiting: 0, paid: 0 })
})
