import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type DropWinners, drawWinners, type MyDrops } from '@chunbo/contract'
import { ZHENYUAN } from '../live/testing/live-world.ts'
import { createShowWorld, type ShowWorld } from './testing/show-world.ts'

let world: ShowWorld
before(async () => {
  world = await createShowWorld()
})
after(() => world.close())

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const mine = async (roomId: number, as: number) =>
  (await world.ask<MyDrops>('GET', `/api/rooms/${roomId}/drops/mine`, { as })).body.drops
const close = (roomId: number, dropId: number) =>
  world.ask('POST', `/api/rooms/${roomId}/drops/${dropId}/close`, { as: world.hostId })
const addressOf = async (as: number) =>
  (
    await world.ask<{ id: number }>('POST', '/api/me/addresses', {
      as,
      body: { name: '王芳', phone: '13812345678', regionCode: ZHENYUAN, detail: '恩乐镇 2 号', isDefault: true },
    })
  ).body.id

test('two hundred enter at once, some twice, while the bag is drawn by many at once: who got a ticket is in the draw, and it is drawn once', async () => {
  const { id: roomId } = await world.room()
  const bag = await world.bag(roomId, { prizes: 7 })
  assert.match(bag.seedHash, /^[0-9a-f]{64}$/)
  assert.deepEqual([bag.seed, bag.winners, bag.entrants, bag.open], [null, [], 0, true])
  const people = await world.buyers(200)
  const early = await Promise.all(
    people.slice(0, 100).flatMap((as) => [world.enter(bag.id, as), world.enter(bag.id, as)]),
  )
  assert.ok(early.every(({ status }) => status === 200))
  assert.equal(new Set(early.map(({ body }) => body.ticket)).size, 100, 'two taps of one person are one entry')
  const late = people.slice(100).map((as) => world.enter(bag.id, as))
  const draws = Array.from({ length: 8 }, () => world.app.slices.show.closeDrop(bag.id))
  const answers = await Promise.all(late)
  assert.equal((await Promise.all(draws)).filter((row) => row !== null).length, 1, 'one of them drew')
  for (const { status, body } of answers) assert.ok(status === 200 || body.code === 'show.drop_closed', `${status}`)
  const tickets = new Set([...early, ...answers].flatMap(({ status, body }) => (status === 200 ? body.ticket : [])))
  const { draw, drop } = await world.drop(bag.id)
  assert.ok(draw && drop.kind === 'bag')
  assert.deepEqual(draw.entrants, [...tickets].map(sha256).sort(), 'exactly those who hold a ticket are in the list')
  assert.equal(draw.seedHash, bag.seedHash, 'the hash from the beginning')
  assert.equal(sha256(draw.seed), bag.seedHash)
  assert.deepEqual(
    draw.winners.map(({ entrant }) => entrant),
    await drawWinners(draw.seed, draw.entrants, 7, sha256),
    'drawn again with the same result',
  )
  assert.deepEqual(
    draw.winners.map(({ place }) => place),
    [1, 2, 3, 4, 5, 6, 7],
  )
  assert.deepEqual([drop.open, drop.winners.length, drop.entrants, drop.seed], [false, 7, tickets.size, draw.seed])
  assert.equal(await world.app.slices.show.closeDrop(bag.id), null)
  assert.deepEqual((await world.drop(bag.id)).draw, draw, 'and nothing of it changes any more')
})

test('the seed is nowhere to be read before the draw', async () => {
  const { id: roomId } = await world.room()
  const bag = await world.bag(roomId)
  const [seed] = await world.app.platform.db.query<{ seed: string }>('select seed from bag_seeds where drop_id = $1', [
    bag.id,
  ])
  assert.ok(seed)
  const viewer = await world.watch(roomId, world.hostId).whenView(({ drops }) => drops.length > 0)
  for (const path of [`/api/drops/${bag.id}`, `/api/rooms/${roomId}/drops`, `/api/rooms/${roomId}/actions`]) {
    const { body } = await world.ask('GET', path, { as: world.hostId })
    assert.ok(!JSON.stringify(body).includes(seed.seed), path)
  }
  assert.ok(!JSON.stringify(viewer.messages).includes(seed.seed))
  await close(roomId, bag.id)
  await viewer.whenView(({ drops }) => drops.some((drop) => drop.kind === 'bag' && drop.seed === seed.seed))
})

test('viewers see the entrants grow and the winners at once; a winner says where the prize goes, once, and only the team reads it', async () => {
  const { id: roomId } = await world.room()
  const viewer = await world.watch(roomId).whenView(() => true)
  const bag = await world.bag(roomId, { prizes: 1 })
  await viewer.whenView(({ drops }) => drops.some(({ id }) => id === bag.id))
  const [winner = 0, other = 0] = await world.buyers(2)
  assert.equal((await world.enter(bag.id, winner)).status, 200)
  await viewer.whenView(({ drops }) => drops.some((drop) => drop.kind === 'bag' && drop.entrants === 1))
  const [entry] = await mine(roomId, winner)
  assert.deepEqual([entry?.dropId, entry?.place, entry?.claimed], [bag.id, null, false])
  await close(roomId, bag.id)
  await viewer.whenView(({ drops }) => drops.some((drop) => drop.kind === 'bag' && drop.winners.length === 1))
  assert.equal((await mine(roomId, winner))[0]?.place, 1)
  assert.deepEqual(await mine(roomId, other), [])
  const path = `/api/drops/${bag.id}/prize`
  const [own, foreign] = [await addressOf(winner), await addressOf(other)]
  const claim = (as: number, addressId: number) => world.refusal('POST', path, { as, body: { addressId } })
  assert.equal(await claim(other, foreign), 'show.not_won')
  assert.equal(await claim(winner, foreign), 'show.address_unknown', 'not somebody else’s')
  const claims = await Promise.all(
    [1, 2, 3].map(() => world.ask('POST', path, { as: winner, body: { addressId: own } })),
  )
  assert.deepEqual(claims.map(({ status }) => status).sort(), [200, 409, 409])
  assert.equal(await claim(winner, own), 'show.claimed_already')
  const winnersPath = `/api/rooms/${roomId}/drops/${bag.id}/winners`
  const { winners } = (await world.ask<DropWinners>('GET', winnersPath, { as: world.hostId })).body
  assert.deepEqual(winners[0]?.to, {
    name: '王芳',
    phone: '13812345678',
    regionName: '云南省 普洱市 镇沅彝族哈尼族拉祜族自治县',
    detail: '恩乐镇 2 号',
  })
  const neighbour = await world.person('邻县主播', { role: 'host', countyCode: ZHENYUAN })
  for (const as of [winner, neighbour])
    assert.equal(await world.refusal('GET', winnersPath, { as }), 'identity.not_allowed')
  const publicly = JSON.stringify([await world.drop(bag.id), viewer.messages])
  assert.ok(!publicly.includes('13812345678') && !publicly.includes('恩乐镇'))
  const elsewhere = await world.room()
  const wrongRoom = `/api/rooms/${elsewhere.id}/drops/${bag.id}`
  assert.equal(await world.refusal('GET', `${wrongRoom}/winners`, { as: world.hostId }), 'show.drop_not_found')
  assert.equal(await world.refusal('POST', `${wrongRoom}/close`, { as: world.hostId }), 'show.drop_not_found')
})

test('those who run the draw are not in it, and a phrase must be said', async () => {
  const { id: roomId } = await world.room()
  const bag = await world.bag(roomId, { condition: 'comment', phrase: '景东加油' })
  assert.equal(await world.refusal('POST', `/api/drops/${bag.id}/enter`, { as: world.hostId }), 'show.not_for_team')
  const [talker = 0, silent = 0, reader = 0] = await world.buyers(3)
  for (const as of [talker, silent])
    assert.equal(await world.refusal('POST', `/api/drops/${bag.id}/enter`, { as }), 'show.say_phrase_first')
  const viewer = await world.watch(roomId, talker).whenView(() => true)
  await world.app.platform.db.query(`update rooms set status = 'live', started_at = now() where id = $1`, [roomId])
  viewer.say('大家一起说：景东加油！')
  await viewer.when(({ messages }) => messages.some(({ t }) => t === 'accepted' || t === 'refused'))
  assert.ok(viewer.messages.some(({ t }) => t === 'accepted'))
  await viewer.whenView(({ drops }) => drops.some((drop) => drop.kind === 'bag' && drop.entrants === 1))
  assert.equal((await mine(roomId, talker)).length, 1, 'to say it is to enter')
  // Said to a process that has ended since: the table of the chat knows it.
  await world.app.platform.db.query(
    `insert into room_chat (room_id, id, user_id, name, from_host, said_at, body)
     values ($1, $3, $2, '读者', false, now(), '景东加油')`,
    [
      roomId,
      reader,
      `${Date.now()
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/, '$1-')}-7000-8000-000000000001`,
    ],
  )
  assert.equal((await world.enter(bag.id, reader)).status, 200)
  assert.equal(await world.refusal('POST', `/api/drops/${bag.id}/enter`, { as: silent }), 'show.say_phrase_first')
})

test('a bag closes when its time is over or its room ends, also when nobody was there to close it', async () => {
  const [first, second, third] = [await world.room(), await world.room(), await world.room()]
  const bags = [await world.bag(first.id), await world.bag(second.id), await world.bag(third.id)]
  const [person = 0] = await world.buyers(1)
  for (const { id } of bags) assert.equal((await world.enter(id, person)).status, 200)
  const viewer = await world.watch(first.id).whenView(({ drops }) => drops.length === 1)
  await world.runOut(bags[0]?.id ?? 0)
  await viewer.whenView(({ drops }) => drops.some((drop) => drop.kind === 'bag' && drop.winners.length === 1))
  const over = await world.watch(second.id).whenView(({ drops }) => drops.length === 1)
  await world.desk('POST', `/api/rooms/${second.id}/end`)
  await over.whenView(({ drops }) => drops.every(({ open }) => !open))
  // The process is gone when the time of the third runs out.
  await world.app.slices.show.close?.()
  await world.runOut(bags[2]?.id ?? 0)
  assert.equal((await world.drop(bags[2]?.id ?? 0)).drop.open, true)
  await world.restart()
  const later = await world.watch(third.id).whenView(({ drops }) => drops.every(({ open }) => !open))
  const [drop] = later.view?.drops ?? []
  assert.ok(drop?.kind === 'bag' && drop.winners.length === 1)
})
