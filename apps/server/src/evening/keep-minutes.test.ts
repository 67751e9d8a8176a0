import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { RoomViewer } from '../live/testing/room-viewer.ts'
import { createMinuteKeeper, uuidFloor } from './keep-minutes.ts'
import { at, createShowWorld, MINUTE_MS, type ShowWorld, START_MS } from './testing/show-world.ts'

let world: ShowWorld
before(async () => {
  world = await createShowWorld()
})
after(() => world.close())

const enter = (roomId: number) => new RoomViewer(`${world.wsUrl}/api/rooms/${roomId}/socket`).whenView(() => true)
interface Row {
  readonly minute: Date
  readonly watched: number
  readonly entries: number
  readonly peak: number
  readonly writers: number
}
/** The server's own keeper looks at these rooms too, but now: half an hour after their show began. */
const PAST_MINUTES = 20
const minutesOf = (roomId: number) =>
  world.app.platform.db.query<Row>(
    `select minute, sum(watched_s)::int as watched, sum(entries)::int as entries, max(viewers_max) as peak, count(*)::int as writers
     from room_minutes where room_id = $1 and minute < $2 group by minute order by minute`,
    [roomId, at(PAST_MINUTES)],
  )
/** A process that looks at the rooms, with a clock of the test's own; `s` is seconds of the show. */
function startKeeper() {
  let s = 0
  const { platform, slices } = world.app
  const { sample } = createMinuteKeeper(platform.db, slices.live, {
    nowMs: () => START_MS + s * 1000,
    steadyMs: () => s * 1000,
  })
  return (second: number) => {
    s = second
    return sample()
  }
}

test('minutes add up over looks, viewers who come and go, and a process that is started again', async () => {
  const roomId = await world.show()
  const waiting = [await enter(roomId), await enter(roomId)]
  const lookAt = startKeeper()
  await lookAt(0)
  await lookAt(10)
  const third = await enter(roomId)
  await lookAt(20)
  third.ws.close()
  await third.when(({ closedWith }) => closedWith !== null)
  const room = world.app.slices.live.inMemory(roomId)
  assert.ok(room)
  while (room.figures.viewers > 2) await new Promise((resolve) => setImmediate(resolve))
  await lookAt(30)
  // Nothing is written twice, however often it looks at one moment.
  await lookAt(30)
  assert.deepEqual(await minutesOf(roomId), [
    { minute: new Date(START_MS), watched: 2 * 10 + 3 * 10 + 2 * 10, entries: 3, peak: 3, writers: 1 },
  ])
  const lookAgain = startKeeper()
  await lookAgain(40)
  await lookAgain(50)
  await lookAgain(70)
  const rows = await minutesOf(roomId)
  assert.deepEqual(
    rows.map(({ minute, watched, writers }) => [(minute.getTime() - START_MS) / MINUTE_MS, watched, writers]),
    [
      [0, 90, 2],
      [1, 30, 1],
    ],
    'a look that comes late stands for 15 seconds at most',
  )
  for (const viewer of waiting) viewer.ws.close()
})

test('lines of chat are counted from the ids by which they are ordered, also those that were written late', async () => {
  const roomId = await world.show()
  const viewer = await enter(roomId)
  const lookAt = startKeeper()
  await lookAt(50)
  const say = (ms: number) =>
    world.app.platform.db.query(
      `insert into room_chat (room_id, id, user_id, name, from_host, said_at, body) values ($1, $2, $3, '小梅', false, $4, '好')`,
      [roomId, uuidFloor(ms).replace('-0000-0000-', '-7000-8000-'), world.hostId, new Date(ms)],
    )
  for (const second of [0, 30, 59.999, 60]) await say(START_MS + second * 1000)
  await lookAt(61)
  const chat = await world.app.platform.db.query<{ chat: number }>(
    'select chat from room_minutes where room_id = $1 and minute < $2 order by minute',
    [roomId, at(PAST_MINUTES)],
  )
  assert.deepEqual(chat, [{ chat: 3 }, { chat: 1 }])
  viewer.ws.close()
})

test('while the database is away minutes wait and are written when it is back', async () => {
  const roomId = await world.show()
  const viewer = await enter(roomId)
  const { platform, slices } = world.app
  let away = false
  let s = 0
  const db: typeof platform.db = {
    ...platform.db,
    query: (text, values, name) =>
      away && text.includes('insert') ? Promise.reject(new Error('away')) : platform.db.query(text, values, name),
  }
  const keeper = createMinuteKeeper(db, slices.live, { nowMs: () => START_MS + s * 1000, steadyMs: () => s * 1000 })
  await keeper.sample()
  away = true
  for (s = 10; s < 180; s += 10) await assert.rejects(keeper.sample(), /away/)
  away = false
  s = 180
  await keeper.sample()
  assert.deepEqual(
    (await minutesOf(roomId)).map(({ watched }) => watched),
    [50, 60, 60, 10],
  )
  viewer.ws.close()
})
