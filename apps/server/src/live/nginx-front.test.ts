import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { WebSocket } from 'ws'
import { createLiveWorld, type LiveWorld } from './testing/live-world.ts'
import { freePort, type NginxFront, startNginxFront } from './testing/nginx-front.ts'
import { countFrames, publish } from './testing/publisher.ts'
import { RoomViewer } from './testing/room-viewer.ts'

/** Debian's nginx in front with the configuration of docs/nginx/chunbo.conf, a real publisher behind it. */

const VIEWERS = 200

let world: LiveWorld
let front: NginxFront
before(async () => {
  const mediaPort = await freePort()
  world = await createLiveWorld({ MEDIA_PORT: String(mediaPort), TRUST_PROXY: '1' })
  front = await startNginxFront(world.app.address().port, mediaPort)
})
after(async () => {
  await front.close()
  await world.close()
})

interface Edge {
  readonly msn: number
  readonly part: number
}

interface ThumbList {
  readonly items: readonly { readonly atMs: number }[]
}

/** The part that a playlist hints at. */
function edgeOf(playlist: string): Edge {
  const [, msn, part] = /PRELOAD-HINT:TYPE=PART,URI="part-(\d+)\.(\d+)\.m4s"/.exec(playlist) ?? []
  return { msn: Number(msn), part: Number(part) }
}

async function onAir(edit: { practice?: boolean } = {}) {
  const room = await world.room(edit)
  const cookie = world.cookieOf(world.hostId)
  const viewer = new RoomViewer(`${front.url.replace('http', 'ws')}/api/rooms/${room.id}/socket`, { cookie })
  await viewer.whenView(() => true)
  const publisher = publish(world.publishUrl(room.ingest.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  return {
    id: room.id,
    async end() {
      await world.desk('POST', `/api/rooms/${room.id}/end`)
      await publisher.ended
      viewer.ws.close()
    },
  }
}

test('two hundred players that wait for the same part are one request to the origin and get the same bytes', async () => {
  const room = await onAir()
  const playlist = `/media/${room.id}/live.m3u8`
  assert.ok((await countFrames(front.url + playlist, 1)) >= 12, 'ffmpeg plays through nginx')
  const { msn } = edgeOf(await (await fetch(front.url + playlist)).text())
  const asked = `${playlist}?_HLS_msn=${msn + 1}&_HLS_part=2`
  const players = Array.from({ length: VIEWERS }, async (_, index) => {
    // What is put behind the query makes neither another answer nor another request.
    const answer = await fetch(`${front.url}${asked}&viewer=${index}`)
    return { status: answer.status, text: await answer.text() }
  })
  const answers = await Promise.all(players)
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
  assert.match(answers[0]?.text ?? '', new RegExp(`part-${msn + 1}\\.2\\.m4s`))

  const part = `/media/${room.id}/part-${msn + 1}.2.m4s`
  const parts = await Promise.all(Array.from({ length: VIEWERS }, async () => (await fetch(front.url + part)).bytes()))
  assert.equal(new Set(parts.map((bytes) => Buffer.from(bytes).toString('base64'))).size, 1)
  assert.ok((parts[0]?.length ?? 0) > 500)
  await room.end()

  const lines = await front.lines()
  const toOrigin = (uri: string) => lines.filter((line) => line.uri.startsWith(uri) && line.cache !== 'HIT').length
  assert.equal(lines.filter(({ uri }) => uri.startsWith(`${asked}&`)).length, VIEWERS)
  assert.equal(toOrigin(asked), 1)
  assert.equal(lines.filter(({ uri }) => uri === part).length, VIEWERS)
  assert.equal(toOrigin(part), 1)
})

test('a crowd before the show, and one that asks without a part, costs a request a second', async () => {
  const room = await world.room()
  const before = `/media/${room.id}/live.m3u8?ll=0`
  const statuses = await Promise.all(
    Array.from({ length: VIEWERS }, async () => {
      const answer = await fetch(front.url + before)
      await answer.body?.cancel()
      return answer.status
    }),
  )
  assert.deepEqual(new Set(statuses), new Set([404]))
  const missed = (await front.lines()).filter(({ uri, cache }) => uri === before && cache === 'MISS')
  assert.ok(missed.length <= 5, `${missed.length} requests`)
})

test('sockets of video and pictures of a moment pass through nginx', async () => {
  const room = await onAir()
  await countFrames(`${front.url}/media/${room.id}/live.m3u8`, 3)
  const socket = new WebSocket(`${front.url.replace('http', 'ws')}/media/${room.id}/live.ws`)
  const bytes = await new Promise<Buffer>((resolve) => {
    socket.on('message', (data: Buffer, isBinary) => isBinary && resolve(data))
  })
  assert.equal(bytes.toString('latin1', 4, 8), 'ftyp')
  socket.terminate()
  await room.end()
  const thumbs = (await (await fetch(`${front.url}/media/${room.id}/thumbs.json`)).json()) as ThumbList
  const atMs = thumbs.items[0]?.atMs ?? 0
  const picture = async (query: string) => (await fetch(`${front.url}/media/${room.id}/poster.mp4${query}`)).bytes()
  const [first, last] = [await picture(`?at=${atMs}`), await picture(`?at=${atMs + 2_500}`)]
  assert.ok(first.length > 500 && last.length > 500)
  assert.notDeepEqual(first, last, 'each moment has its own')
})

test('a practice room is seen by its team through nginx, by nobody else, and is never stored', async () => {
  const room = await onAir({ practice: true })
  const playlist = `${front.url}/media/${room.id}/live.m3u8`
  const asHost = { headers: { cookie: world.cookieOf(world.hostId) } }
  const seen = await fetch(playlist, asHost)
  assert.equal(seen.status, 200)
  assert.equal(seen.headers.get('cache-control'), 'private, no-store')
  const { msn, part } = edgeOf(await seen.text())
  const bytes = await (await fetch(`${front.url}/media/${room.id}/part-${msn}.${part}.m4s`, asHost)).bytes()
  assert.ok(bytes.length > 500)
  for (const path of ['live.m3u8', `part-${msn}.${part}.m4s`, `seg-${msn - 1}.m4s`]) {
    const strange = await fetch(`${front.url}/media/${room.id}/${path}`)
    assert.equal(strange.status, 404, path)
    await strange.body?.cancel()
  }
  const stored = (await front.lines()).filter(({ uri, cache, status }) => {
    return uri.startsWith(`/media/${room.id}/`) && cache === 'HIT' && status === 200
  })
  assert.deepEqual(stored, [])
  await room.end()
})

test('segments are stored for good, the replay plays through nginx, and limits count the viewer and not nginx', async () => {
  const room = await onAir()
  await countFrames(`${front.url}/media/${room.id}/live.m3u8`, 3)
  await room.end()
  const replay = `${front.url}/media/${room.id}/replay.m3u8`
  assert.ok((await countFrames(replay)) >= 40)
  assert.ok((await countFrames(replay)) >= 40)
  const segments = (await front.lines()).filter(({ uri }) => uri.startsWith(`/media/${room.id}/seg-`))
  const names = new Set(segments.map(({ uri }) => uri))
  assert.equal(segments.filter(({ cache }) => cache !== 'HIT').length, names.size, 'each came from the origin once')

  const send = (forged: string) =>
    fetch(`${front.url}/api/auth/phone-number/send-otp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': forged },
      body: JSON.stringify({ phoneNumber: '13800138000' }),
    })
  const statuses: number[] = []
  for (let attempt = 0; attempt < 40; attempt++) statuses.push((await send(`203.0.113.${attempt}`)).status)
  assert.ok(statuses.includes(429), 'a forged X-Forwarded-For buys no new attempts')
})
