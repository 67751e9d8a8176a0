import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { IngestSink } from '../ingest-sink.ts'
import { createLiveHub, type LiveHub } from '../live-hub.ts'
import { readBoxes } from '../mux/mp4-boxes.ts'
import type { FlvTag } from '../rtmp/flv-tags.ts'
import { clip } from '../testing/clips.ts'
import { feed } from '../testing/feed.ts'
import { createFolderStorage } from '../testing/folder-storage.ts'
import { Departure } from './departure.ts'
import type { MediaResponse } from './media-answer.ts'
import { createMediaHandler } from './media-handler.ts'

interface House {
  hub: LiveHub
  get: (path: string, roomId?: number, client?: Departure) => Promise<MediaResponse>
  text: (path: string) => Promise<string>
  publish: (roomId?: number) => Promise<IngestSink>
}

async function openHouse(t: TestContext): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-handler-'))
  const storage = createFolderStorage(folder)
  const hub = createLiveHub({ storage, limits: { blockMs: 300 } })
  const handle = createMediaHandler({ hub, storage })
  t.after(async () => {
    await hub.close()
    await rm(folder, { recursive: true })
  })
  const get: House['get'] = (target, roomId = 1, client) => {
    const [path = '', query = ''] = target.split('?')
    return handle({ roomId, path, query: new URLSearchParams(query), ...(client ? { client } : {}) })
  }
  return {
    hub,
    get,
    text: async (path) => (await get(path)).body.toString(),
    async publish(roomId = 1) {
      const answer = await hub.openIngest({ roomId, protocol: 'rtmp', onEvicted: () => {} })
      assert.equal(answer.kind, 'opened')
      return answer.sink
    },
  }
}

/** Up to, and not with, the first frame at or after a time. */
function before(tags: readonly FlvTag[], ms: number): FlvTag[] {
  return tags.filter((tag) => tag.timestampMs < ms)
}

function between(tags: readonly FlvTag[], fromMs: number, toMs: number): FlvTag[] {
  return tags.filter((tag) => tag.timestampMs >= fromMs && tag.timestampMs < toMs)
}

test('a live playlist lists parts near the edge, hints at the next one and declares what it must', async (t) => {
  const house = await openHouse(t)
  const tags = await clip({ seconds: 9 })
  feed(await house.publish(), before(tags, 8_650))
  const answer = await house.get('live.m3u8')
  assert.equal(answer.status, 200)
  assert.equal(answer.headers['content-length'], String(answer.body.length))
  assert.equal(answer.headers['cache-control'], 'public, max-age=0, s-maxage=1')
  const lines = answer.body.toString().split('\n')
  assert.deepEqual(lines.slice(0, 6), [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    '#EXT-X-TARGETDURATION:2',
    '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.609',
    '#EXT-X-PART-INF:PART-TARGET=0.203',
    '#EXT-X-MEDIA-SEQUENCE:0',
  ])
  assert.equal(lines.at(-2), '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-4.3.m4s"')
  assert.equal(lines.filter((line) => line.startsWith('#EXT-X-PART:')).length, 23)
  assert.equal(lines.filter((line) => line.startsWith('#EXTINF:2.000')).length, 4)
  const plain = (await house.get('live.m3u8?ll=0')).body.toString()
  assert.doesNotMatch(plain, /PART|HINT|SERVER-CONTROL/)
  assert.match(plain, /seg-3\.m4s\n$/)
})

test('a segment is its parts put together, and both are whole boxes', async (t) => {
  const house = await openHouse(t)
  feed(await house.publish(), await clip({ seconds: 5 }))
  const parts: Buffer[] = []
  for (const [, name = ''] of (await house.text('live.m3u8')).matchAll(/URI="(part-1\.\d+\.m4s)"/g)) {
    const part = await house.get(name)
    assert.equal(part.headers['content-length'], String(part.body.length))
    assert.ok(readBoxes(part.body).every(({ type }, index) => type === (index % 2 === 0 ? 'moof' : 'mdat')))
    parts.push(part.body)
  }
  assert.equal(parts.length, 10)
  assert.deepEqual(Buffer.concat(parts), (await house.get('seg-1.m4s')).body)
  const [, init = ''] = /MAP:URI="(.*)"/.exec(await house.text('live.m3u8')) ?? []
  assert.deepEqual(
    readBoxes((await house.get(init)).body).map(({ type }) => type),
    ['ftyp', 'moov'],
  )
  assert.match((await house.get('seg-1.m4s')).headers['cache-control'] ?? '', /immutable/)
})

test('a blocking reload waits for its part, a clamped one for the next segment, and a far one is refused', async (t) => {
  const house = await openHouse(t)
  const tags = await clip({ seconds: 9 })
  const sink = await house.publish()
  feed(sink, before(tags, 4_650))
  const next = house.get('live.m3u8?_HLS_msn=2&_HLS_part=3')
  const hinted = house.get('part-2.3.m4s')
  feed(sink, between(tags, 4_650, 4_900))
  assert.match((await next).body.toString(), /part-2\.3\.m4s"/)
  assert.equal((await hinted).status, 200)

  const past = house.get('live.m3u8?_HLS_msn=2&_HLS_part=10')
  feed(sink, between(tags, 4_900, 6_300))
  assert.match((await past).body.toString(), /part-3\.0\.m4s/)
  const whole = house.get('live.m3u8?_HLS_msn=3')
  feed(sink, between(tags, 6_300, 8_100))
  assert.match((await whole).body.toString(), /seg-3\.m4s/)

  for (const query of [
    '_HLS_msn=6',
    '_HLS_msn=4&_HLS_part=99',
    '_HLS_part=1',
    '_HLS_msn=-1',
    '_HLS_msn=x',
    '_HLS_msn=1e3',
  ]) {
    assert.equal((await house.get(`live.m3u8?${query}`)).status, 400, query)
  }
  assert.equal((await house.get('live.m3u8?_HLS_msn=0')).status, 200)
})

test('a blocked request ends with its client, its deadline, its publisher or its stream', async (t) => {
  const house = await openHouse(t)
  const tags = await clip({ seconds: 5 })
  const sink = await house.publish()
  feed(sink, before(tags, 4_650))
  const left = new Departure()
  const abandoned = house.get('live.m3u8?_HLS_msn=3', 1, left)
  left.leave()
  assert.equal((await abandoned).status, 200)
  assert.equal((await house.get('live.m3u8?_HLS_msn=3')).status, 200)
  assert.equal((await house.get('part-2.3.m4s')).status, 404)
  const dropped = house.get('live.m3u8?_HLS_msn=3&_HLS_part=5')
  sink.end('disconnected')
  assert.match((await dropped).body.toString(), /seg-2\.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-PRELOAD-HINT/)
  const waiting = house.get('live.m3u8?_HLS_msn=3&_HLS_part=5')
  await house.hub.endStream(1)
  assert.match((await waiting).body.toString(), /#EXT-X-ENDLIST\n$/)
})

test('what is not there is 404, before the first frame, for unknown rooms and for every odd path', async (t) => {
  const house = await openHouse(t)
  assert.equal((await house.get('live.m3u8')).status, 404)
  assert.equal((await house.get('replay.m3u8')).status, 404)
  await house.publish()
  assert.equal((await house.get('live.m3u8')).status, 404)
  const odd = [
    '',
    '/',
    'index.ndjson',
    '../1/index.ndjson',
    'seg-0.m4s/../index.ndjson',
    'seg-%2e%2e.m4s',
    'seg--1.m4s',
  ]
  odd.push(
    'seg-0.m4s\0',
    'init-../../etc/pass.mp4',
    'init-0123456789abcdef.mp4',
    'part-0.m4s',
    '__proto__',
    'live.m3u8/',
  )
  for (const path of odd) assert.equal((await house.get(path)).status, 404, path)
  for (const roomId of [-1, 0.5, Number.NaN, 2 ** 60]) assert.equal((await house.get('live.m3u8', roomId)).status, 404)
})

test('no path and no query makes the handler throw or hang', async (t) => {
  const house = await openHouse(t)
  const sink = await house.publish()
  feed(sink, await clip({ seconds: 3 }))
  await house.hub.endStream(1)
  const path = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('live.m3u8', 'replay.m3u8', 'seg-0.m4s', 'part-0.0.m4s', 'seg-999999999999999.m4s'),
  )
  const name = fc.constantFrom('_HLS_msn', '_HLS_part', 'from', 'to', 'll')
  const value = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.nat().map(String),
    fc.date({ noInvalidDate: true }).map((d) => d.toISOString()),
  )
  await fc.assert(
    fc.asyncProperty(path, fc.array(fc.tuple(name, value), { maxLength: 3 }), async (target, pairs) => {
      const { status } = await house.get(`${target.replaceAll('?', '')}?${new URLSearchParams(pairs)}`)
      assert.ok([200, 400, 404].includes(status))
    }),
    { numRuns: 2_000 },
  )
})
