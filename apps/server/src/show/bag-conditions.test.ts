import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ChatMode, DeskActions } from '@chunbo/contract'
import { JINGDONG, ZHENYUAN } from '../live/testing/live-world.ts'
import { createShowWorld, type ShowWorld } from './testing/show-world.ts'

let world: ShowWorld
before(async () => {
  world = await createShowWorld()
})
after(() => world.close())

const refused = (dropId: number, as: number) => world.refusal('POST', `/api/drops/${dropId}/enter`, { as })

test('a bag for followers opens to who follows this county, at once', async () => {
  const { id: roomId } = await world.room()
  const bag = await world.bag(roomId, { condition: 'follow' })
  const [fan = 0, passer = 0] = await world.buyers(2)
  assert.equal(await refused(bag.id, fan), 'show.follow_first')
  assert.ok((await world.ask('PUT', `/api/counties/${ZHENYUAN}/follow`, { as: passer })).status < 300)
  assert.equal(await refused(bag.id, passer), 'show.follow_first', 'another county is not this one')
  assert.ok((await world.ask('PUT', `/api/counties/${JINGDONG}/follow`, { as: fan })).status < 300)
  assert.equal((await world.enter(bag.id, fan)).status, 200)
})

test('a minor is in no draw, neither by a tap nor by saying the phrase, and may vote', async () => {
  const { id: roomId } = await world.room()
  const [child = 0, adult = 0] = await world.buyers(2)
  const birthMonth = `${new Date().getUTCFullYear() - 17}-01`
  const told = await world.ask('PUT', '/api/my/age', { as: child, body: { birthMonth } })
  assert.ok(told.status < 300, JSON.stringify(told.body))
  const bag = await world.bag(roomId)
  assert.equal(await refused(bag.id, child), 'show.not_for_minors')
  const spoken = await world.bag(roomId, { condition: 'comment', phrase: '我要' })
  await world.app.platform.db.query(`update rooms set status = 'live', started_at = now() where id = $1`, [roomId])
  const sockets = [world.watch(roomId, child), world.watch(roomId, adult)]
  for (const socket of sockets) await socket.whenView(() => true)
  for (const socket of sockets) socket.say('我要')
  await sockets[1]?.whenView(({ drops }) =>
    drops.some((drop) => drop.id === spoken.id && drop.kind === 'bag' && drop.entrants > 0),
  )
  await world.app.slices.show.round()
  const { drop } = await world.drop(spoken.id)
  assert.ok(drop.kind === 'bag' && drop.entrants === 1)
  const poll = await world.poll(roomId)
  assert.equal((await world.ask('POST', `/api/drops/${poll.id}/vote`, { as: child, body: { option: 0 } })).status, 200)
})

test('what advertising law forbids is not said in the county’s name', async () => {
  const { id: roomId } = await world.room()
  const as = world.hostId
  const bag = { prizeFen: 100, prizes: 1, condition: 'none', seconds: 60 }
  const asked: [string, object][] = [
    ['bags', { ...bag, prizeZh: '国家级豌豆' }],
    ['bags', { ...bag, prizeZh: '豌豆', condition: 'comment', phrase: '全国第一' }],
    ['polls', { questionZh: '谁是世界第一', options: [{ zh: '豌豆' }, { zh: '木瓜' }], seconds: 60 }],
    ['polls', { questionZh: '选哪个', options: [{ zh: '最佳豌豆' }, { zh: '木瓜' }], seconds: 60 }],
    ['notices', { textZh: '国家级豌豆只剩三箱' }],
  ]
  for (const [what, body] of asked)
    assert.equal(
      await world.refusal('POST', `/api/rooms/${roomId}/${what}`, { as, body }),
      'show.words_not_allowed',
      JSON.stringify(body),
    )
  const run = await world.ask<{ items: { findings: { term: string }[] }[] }>('PUT', `/api/rooms/${roomId}/run`, {
    as,
    body: { version: 0, items: [{ titleZh: '豌豆', minutes: 5, script: '这是全国第一的豌豆' }] },
  })
  assert.equal(run.status, 200, 'a script is the team’s own and is only marked')
  assert.ok((run.body.items[0]?.findings.length ?? 0) > 0)
})

test('in a practice room everything works for the team, and nobody else finds it', async () => {
  const room = await world.room({ practice: true })
  const bag = await world.bag(room.id)
  const poll = await world.poll(room.id)
  const [buyer = 0] = await world.buyers(1)
  assert.equal(await refused(bag.id, buyer), 'show.drop_not_found')
  for (const asked of [{}, { as: buyer }])
    assert.equal(await world.refusal('GET', `/api/drops/${bag.id}`, asked), 'show.drop_not_found')
  assert.equal(
    await world.refusal('POST', `/api/drops/${poll.id}/vote`, { as: buyer, body: { option: 0 } }),
    'show.drop_not_found',
  )
  assert.equal(await world.refusal('GET', `/api/rooms/${room.id}/drops/mine`, { as: buyer }), 'live.room_not_found')
  assert.equal((await world.enter(bag.id, world.hostId)).status, 200, 'the team plays the viewers')
  await world.desk('POST', `/api/rooms/${room.id}/drops/${bag.id}/close`)
  const seen = await world.ask<{ drop: { winners: string[] } }>('GET', `/api/drops/${bag.id}`, { as: world.hostId })
  assert.equal(seen.body.drop.winners.length, 1)
})

test('what the chat’s desk does stands in the same log and is taken back there', async () => {
  const { id: roomId } = await world.room()
  const viewer = await world.watch(roomId).whenView(() => true)
  const mode: ChatMode = { slowS: 30, followersOnly: false, closed: false }
  await world.desk('PUT', `/api/rooms/${roomId}/chat-mode`, mode)
  await viewer.whenView(({ chatMode }) => chatMode.slowS === 30)
  const read = async () =>
    (await world.ask<DeskActions>('GET', `/api/rooms/${roomId}/actions`, { as: world.hostId })).body.actions
  // The log is written after the answer.
  let [action] = await read()
  for (let turn = 0; !action && turn < 100; turn += 1) [action] = await read()
  assert.equal(action?.kind, 'chat_mode')
  assert.equal(
    (await world.ask('POST', `/api/rooms/${roomId}/actions/${action.id}/undo`, { as: world.hostId })).status,
    200,
  )
  await viewer.whenView(({ chatMode }) => chatMode.slowS === 0)
})
