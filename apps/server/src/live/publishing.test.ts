import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { DeskActions, RoomDesk } from '@chunbo/contract'
import { openRtmpPublisher, PublishRefused } from '@chunbo/live-media'
import { clip, sendTags } from '@chunbo/live-media/testing/clips'
import type { Static } from 'typebox'
import { isSignedStreamKey, makeStreamKey } from './stream-key.ts'
import { createLiveWorld, type LiveWorld } from './testing/live-world.ts'

/** Who may publish: keys that end, a second publisher, limits, and what the desk is told of each. */

let world: LiveWorld
before(async () => {
  world = await createLiveWorld({ INGEST_PICTURE_MAX: '640x360', STREAM_KEY_DAYS: '10' })
})
after(() => world.close())

const DAY_MS = 86_400_000
const later = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()
const desk = (roomId: number) => world.desk('GET', `/api/rooms/${roomId}/desk`)

async function refusalOf(streamKey: string): Promise<string> {
  try {
    await (await openRtmpPublisher(world.publishUrl(streamKey))).close()
  } catch (error) {
    assert.ok(error instanceof PublishRefused, String(error))
    return error.message
  }
  return 'accepted'
}

/** The desk is told by the media process, a moment after the publisher. */
async function deskWhen(roomId: number, holds: (desk: RoomDesk) => boolean): Promise<RoomDesk> {
  for (let tries = 0; tries < 100; tries++) {
    const now = await desk(roomId)
    if (holds(now)) return now
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return assert.fail('the desk was not told')
}

test('a key is signed, and one that was guessed, altered or signed elsewhere is told from it', () => {
  const [secret, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const key = makeStreamKey(secret)
  assert.match(key, /^[a-z0-9]{26}$/)
  assert.ok(isSignedStreamKey(key, secret))
  for (let at = 0; at < key.length; at++) {
    const letter = key[at] === 'a' ? 'b' : 'a'
    assert.ok(!isSignedStreamKey(key.slice(0, at) + letter + key.slice(at + 1), secret), `letter ${at}`)
  }
  for (const wrong of [makeStreamKey(other), '', 'a'.repeat(26), `${key}a`])
    assert.ok(!isSignedStreamKey(wrong, secret))
})

test('a key ends at the time that the team sets, or unused for ten days after the show, and a new one opens again', async () => {
  const { id, ingest, scheduledAt } = await world.room()
  assert.equal(ingest.validUntil, new Date(Date.parse(scheduledAt) + 10 * DAY_MS).toISOString())
  assert.deepEqual([ingest.takeover, ingest.keyUntil, ingest.refusal], [false, null, null])
  for (const keyUntil of [later(-1), later(400)]) {
    const asked = { as: world.hostId, body: { takeover: false, keyUntil } }
    assert.equal(await world.refusal('PUT', `/api/rooms/${id}/publishing`, asked), 'live.key_time_out_of_range')
  }
  const keyUntil = later(1)
  const set = await world.desk('PUT', `/api/rooms/${id}/publishing`, { takeover: false, keyUntil })
  assert.deepEqual([set.ingest.keyUntil, set.ingest.validUntil], [keyUntil, keyUntil])
  const { db } = world.app.platform
  await db.query(`update room_stream_keys set expires_at = now() - interval '1 second' where room_id = $1`, [id])
  assert.match(await refusalOf(ingest.streamKey), /NetStream.Publish.Denied.*已过期.*has expired/)
  const told = await deskWhen(id, (now) => now.ingest.refusal !== null)
  assert.match(told.ingest.refusal?.en ?? '', /has expired/)
  const fresh = await world.desk('POST', `/api/rooms/${id}/stream-key`)
  assert.equal(fresh.ingest.keyUntil, null)
  assert.equal(await refusalOf(fresh.ingest.streamKey), 'accepted')
  await deskWhen(id, (now) => now.ingest.refusal === null)
  const used = Date.parse((await desk(id)).ingest.validUntil) - Date.now()
  assert.ok(used > 10 * DAY_MS - 60_000, 'the use of a key moves its end on')

  const idle = await world.room()
  await db.query(`update rooms set scheduled_at = now() - interval '11 days' where id = $1`, [idle.id])
  await db.query(`update room_stream_keys set made_at = now() - interval '20 days' where room_id = $1`, [idle.id])
  assert.match(await refusalOf(idle.ingest.streamKey), /has expired/)
  await world.desk('POST', `/api/rooms/${idle.id}/end`)
  const ended = await world.room()
  await world.desk('POST', `/api/rooms/${ended.id}/end`)
  assert.match(await refusalOf(ended.ingest.streamKey), /this show has ended/)
})

test('a second publisher is refused until the desk lets it take over, and the first one is told', async () => {
  const { id, ingest } = await world.room()
  const first = await openRtmpPublisher(world.publishUrl(ingest.streamKey))
  const tags = await clip({ seconds: 1 })
  await sendTags(first, tags)
  assert.match(await refusalOf(ingest.streamKey), /NetStream.Publish.BadName.*someone is publishing/)
  await deskWhen(id, (now) => now.ingest.refusal?.en.includes('someone is publishing') ?? false)
  const set = await world.desk('PUT', `/api/rooms/${id}/publishing`, { takeover: true, keyUntil: null })
  assert.equal(set.ingest.takeover, true)
  const second = await openRtmpPublisher(world.publishUrl(ingest.streamKey))
  await first.closed
  assert.match(first.refusal ?? '', /another publisher has taken this show over/)
  await sendTags(second, tags)
  const seen = await deskWhen(id, (now) => now.stream?.connected === true && now.stream.width === 640)
  assert.match(seen.stream?.health?.videoCodec ?? '', /^avc1\./)
  assert.equal(seen.stream?.health?.audioCodec, 'mp4a.40.2')
  await second.close()
  const log = await world.ask<Static<typeof DeskActions>>('GET', `/api/rooms/${id}/actions`, { as: world.hostId })
  assert.deepEqual(
    log.body.actions.map(({ kind }) => kind),
    ['publishing'],
  )
  await world.desk('POST', `/api/rooms/${id}/end`)
})

test('a picture over the limit is refused in words, to the publisher and at the desk', async () => {
  const { id, ingest } = await world.room()
  const publisher = await openRtmpPublisher(world.publishUrl(ingest.streamKey))
  await sendTags(publisher, await clip({ seconds: 1, size: '854x480' }))
  await publisher.closed
  assert.match(publisher.refusal ?? '', /NetStream.Publish.Rejected.*854×480.*640×360/)
  const told = await deskWhen(id, (now) => now.ingest.refusal !== null)
  assert.match(told.ingest.refusal?.zh ?? '', /画面 854×480 太大/)
  await world.desk('POST', `/api/rooms/${id}/end`)
})
