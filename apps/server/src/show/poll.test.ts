import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createShowWorld, type Poll, type ShowWorld } from './testing/show-world.ts'

let world: ShowWorld
before(async () => {
  world = await createShowWorld()
})
after(() => world.close())

const votesOf = (poll: Poll) => poll.options.map(({ votes }) => votes)
const vote = (dropId: number, as: number, option: number) =>
  world.ask<{ code?: string }>('POST', `/api/drops/${dropId}/vote`, { as, body: { option } })

test('everybody has one vote, however often and for whatever they tap at once', async () => {
  const { id: roomId } = await world.room()
  const viewer = await world.watch(roomId).whenView(() => true)
  const poll = await world.poll(roomId)
  assert.deepEqual(votesOf(poll), [0, 0, 0])
  const people = await world.buyers(40)
  const taps = await Promise.all(
    people.flatMap((as, at) => [0, 1, 2].map((turn) => vote(poll.id, as, (at + turn) % 3))),
  )
  const codes = taps.map(({ status, body }) => (status === 200 ? 'cast' : body.code))
  assert.deepEqual([...new Set(codes)].sort(), ['cast', 'show.voted_already'])
  assert.equal(codes.filter((code) => code === 'cast').length, 40)
  const [first = 0] = people
  const sum = (shown: Poll) => votesOf(shown).reduce((all, votes) => all + votes, 0)
  await viewer.whenView(({ drops }) => drops.some((drop) => drop.kind === 'poll' && sum(drop) === 40))
  const mine = await world.ask<{ drops: { vote: number | null }[] }>('GET', `/api/rooms/${roomId}/drops/mine`, {
    as: first,
  })
  const own = mine.body.drops[0]?.vote ?? -1
  assert.equal((await vote(poll.id, first, own)).status, 200, 'the same vote again is no other one')
  await world.desk('POST', `/api/rooms/${roomId}/drops/${poll.id}/close`)
  await viewer.whenView(({ drops }) => drops.every(({ open }) => !open))
  const { drop, draw } = await world.drop(poll.id)
  assert.ok(drop.kind === 'poll' && draw === null)
  assert.equal(sum(drop), 40)
  const [late = 0] = await world.buyers(1)
  assert.equal((await vote(poll.id, late, 0)).body.code, 'show.drop_closed')
})

test('what does not fit is refused', async () => {
  const { id: roomId } = await world.room()
  const ask = (body: object) => world.refusal('POST', `/api/rooms/${roomId}/polls`, { as: world.hostId, body })
  const good = { questionZh: '下一个讲什么', options: [{ zh: '豌豆' }, { zh: '木瓜' }], seconds: 60 }
  assert.equal(await ask({ ...good, options: [{ zh: '豌豆' }] }), 'request.invalid')
  assert.equal(
    await ask({ ...good, options: Array.from({ length: 7 }, (_, at) => ({ zh: `${at}` })) }),
    'request.invalid',
  )
  assert.equal(await ask({ ...good, options: [{ zh: '豌豆' }, { zh: ' 豌豆 ' }] }), 'show.option_twice')
  assert.equal(await ask({ ...good, seconds: 5 }), 'request.invalid')
  assert.equal(await ask({ ...good, questionZh: '   ' }), 'show.text_empty')
  assert.equal(await ask({ ...good, more: 1 }), 'request.invalid')
  const bag = (body: object) =>
    world.refusal('POST', `/api/rooms/${roomId}/bags`, {
      as: world.hostId,
      body: { prizeZh: '一箱', prizeFen: 100, prizes: 1, condition: 'none', seconds: 60, ...body },
    })
  assert.equal(await bag({ prizeFen: 5_000_001 }), 'request.invalid', 'a prize is worth 50,000 yuan at most')
  assert.equal(await bag({ prizes: 0 }), 'request.invalid')
  assert.equal(await bag({ prizes: 101 }), 'request.invalid')
  assert.equal(await bag({ condition: 'buy' }), 'request.invalid', 'entry is free')
  assert.equal(await bag({ condition: 'comment', phrase: '  ' }), 'show.phrase_missing')
  assert.equal(await bag({ prizeZh: '长'.repeat(41) }), 'request.invalid')
  const poll = await world.poll(roomId)
  const [buyer = 0] = await world.buyers(1)
  assert.equal(
    await world.refusal('POST', `/api/drops/${poll.id}/vote`, { as: buyer, body: { option: 3 } }),
    'show.no_such_option',
  )
  assert.equal(
    await world.refusal('POST', `/api/drops/${poll.id}/vote`, { as: buyer, body: { option: -1 } }),
    'request.invalid',
  )
  assert.equal(
    await world.refusal('POST', `/api/drops/${poll.id}/enter`, { as: buyer }),
    'show.drop_not_found',
    'not a bag',
  )
  assert.equal(await world.refusal('GET', '/api/drops/999999'), 'show.drop_not_found')
  for (const act of ['enter', 'vote'])
    assert.equal(
      await world.refusal('POST', `/api/drops/999999/${act}`, { as: buyer, body: { option: 0 } }),
      'show.drop_not_found',
    )
})

test('a room has six open drops at the most, however many desks open one at once, and an ended one takes none', async () => {
  const { id: roomId } = await world.room()
  const open = () =>
    world.ask<{ code?: string }>('POST', `/api/rooms/${roomId}/polls`, {
      as: world.hostId,
      body: { questionZh: '问', options: [{ zh: '是' }, { zh: '否' }], seconds: 600 },
    })
  const answers = await Promise.all(Array.from({ length: 12 }, open))
  assert.equal(answers.filter(({ status }) => status === 201).length, 6)
  assert.equal(answers.filter(({ body }) => body.code === 'show.too_many_open').length, 6)
  await world.app.platform.db.query(
    `insert into room_drops (room_id, kind, opened_by, opened_at, closes_at, closed_at, detail)
     select $1, 'poll', $2, now() - interval '1 minute', now(), now(), '{"questionZh":"问","questionEn":"","options":[]}'
     from generate_series(1, 54)`,
    [roomId, world.hostId],
  )
  await world.app.platform.db.query('update room_drops set closed_at = opened_at where room_id = $1', [roomId])
  assert.equal((await open()).body.code, 'show.too_many_drops', 'sixty an hour')
  const over = await world.room()
  await world.desk('POST', `/api/rooms/${over.id}/end`)
  const body = { questionZh: '问', options: [{ zh: '是' }, { zh: '否' }], seconds: 600 }
  assert.equal(
    await world.refusal('POST', `/api/rooms/${over.id}/polls`, { as: world.hostId, body }),
    'live.room_ended',
  )
})
