import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { IngestSink } from '../ingest-sink.ts'
import { clip, isVideo } from '../testing/clips.ts'
import { heapBytes } from '../testing/collect-garbage.ts'
import { feed } from '../testing/feed.ts'
import { type MediaServer, startMediaServer } from '../testing/media-server.ts'
import { until } from '../testing/until.ts'
import { Viewer } from '../testing/viewer.ts'

/** Real sockets to a hub that is fed with what ffmpeg drew. */

async function open(server: MediaServer, roomId: number): Promise<IngestSink> {
  const answer = await server.hub.openIngest({ roomId, protocol: 'rtmp', onEvicted: () => {} })
  assert.equal(answer.kind, 'opened')
  return answer.kind === 'opened' ? answer.sink : assert.fail()
}

/** Feeds the same seconds over and over; each call goes on where the one before ended. */
async function feeder(sink: IngestSink, seconds = 2) {
  const tags = await clip({ seconds })
  let round = 0
  return () => feed(sink, tags, round++ * seconds * 1000)
}

const handshake =
  'GET /media/1/live.ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'
const boxType = (piece: Buffer | undefined) => piece?.toString('latin1', 4, 8)

test('a viewer is given the init segment, everything since the last key frame, and then every chunk', async (t) => {
  const server = await startMediaServer(t)
  const early = await new Viewer(server.socketUrl(1)).when('heard', ({ words }) => words.length > 0)
  assert.deepEqual(early.kinds, ['waiting'])
  const sink = await open(server, 1)
  const play = await feeder(sink)
  play()
  await early.when('a second of chunks', ({ pieces }) => pieces.length > 15)
  const late = await new Viewer(server.socketUrl(1)).when('chunks', ({ pieces }) => pieces.length > 5)
  for (const viewer of [early, late]) {
    const init = viewer.words.find(({ kind }) => kind === 'init')
    assert.match(init?.mime ?? '', /^video\/mp4; codecs="avc1\.[0-9a-f]{6},mp4a\.40\.2"$/)
    assert.equal(init?.discontinuity, false)
    assert.ok(Math.abs((init?.wallMs ?? 0) - Date.now()) < 60_000)
    assert.equal(boxType(viewer.pieces[0]), 'ftyp')
    assert.ok(viewer.pieces.slice(1).every((piece) => boxType(piece) === 'moof'))
  }
  assert.equal(early.words.find(({ kind }) => kind === 'init')?.startMs, 0)
  assert.equal(late.words[0]?.startMs, 1_000, 'it starts at the last key frame')
  const began = early.pieces.findIndex((piece) => late.pieces[1]?.equals(piece))
  assert.ok(began > 0, 'what the late one began with the early one has had')
  // Either may have heard a chunk more by now.
  const common = Math.min(late.pieces.length - 1, early.pieces.length - began)
  const bytesOf = ({ pieces }: Viewer, from: number) => Buffer.concat(pieces.slice(from, from + common))
  assert.ok(bytesOf(early, began).equals(bytesOf(late, 1)), 'the same bytes')
  await server.hub.endStream(1)
  for (const viewer of [early, late]) {
    await viewer.when('closed', ({ closedWith }) => closedWith === 1000)
    assert.equal(viewer.kinds.at(-1), 'ended')
  }
  const after = await new Viewer(server.socketUrl(1)).when('closed', ({ closedWith }) => closedWith === 1000)
  assert.deepEqual(after.kinds, ['ended'])
})

test('a browser, which compresses whatever it may, can say how far it is', async (t) => {
  const server = await startMediaServer(t)
  const play = await feeder(await open(server, 1))
  const viewer = new Viewer(server.socketUrl(1), {}, { perMessageDeflate: { threshold: 0 } })
  await viewer.when('opened', ({ ws }) => ws.readyState === ws.OPEN)
  assert.equal(viewer.ws.extensions, '')
  play()
  await viewer.when('chunks', ({ pieces }) => pieces.length > 5)
  viewer.acknowledge()
  const { length } = viewer.pieces
  play()
  await viewer.when('more chunks', ({ pieces }) => pieces.length > length)
  assert.equal(viewer.closedWith, null)
})

test('a publisher that comes back, and one with another picture, go on in the same socket with a new init', async (t) => {
  const server = await startMediaServer(t)
  const first = await open(server, 1)
  ;(await feeder(first))()
  const viewer = await new Viewer(server.socketUrl(1)).when('chunks', ({ pieces }) => pieces.length > 5)
  first.end('disconnected')
  await viewer.when('to wait', ({ kinds }) => kinds.at(-1) === 'waiting')
  const second = await open(server, 1)
  ;(await feeder(second))()
  await viewer.when('a new init', ({ kinds }) => kinds.length === 3)
  feed(second, await clip({ seconds: 2, size: '320x180' }), 2_000)
  await viewer.when('another init', ({ kinds }) => kinds.length === 4)
  assert.deepEqual(viewer.kinds, ['init', 'waiting', 'init', 'init'])
  const inits = viewer.words.filter(({ kind }) => kind === 'init')
  assert.deepEqual(
    inits.map(({ discontinuity }) => discontinuity),
    [false, true, true],
  )
  const starts = inits.map(({ startMs = 0 }) => startMs)
  assert.deepEqual(
    starts,
    starts.toSorted((a, b) => a - b),
    'the clock never falls back',
  )
  const shapes = viewer.said.filter((_, index) => viewer.said[index - 1] === 'init')
  assert.ok(shapes.every((piece) => typeof piece !== 'string' && boxType(piece) === 'ftyp'))
  assert.ok(Buffer.isBuffer(shapes[1]) && Buffer.isBuffer(shapes[2]) && !shapes[1].equals(shapes[2]))
  viewer.ws.close()
})

test('a reader that stops is skipped to a key frame when it reads again, and closed when it does not', async (t) => {
  const server = await startMediaServer(t, {
    viewerLimits: { lagMs: 3_000, stallMs: 400, sweepMs: 50 },
    // Minutes of it are fed at once.
    streamLimits: { ingestBitsPerSecond: 1e12 },
  })
  const sink = await open(server, 1)
  const playOn = await feeder(sink)
  let chunks = 0
  server.hub.stream(1)?.onChunk(() => chunks++)
  /** Two seconds, and then the quick one has them. */
  const play = async () => {
    const [before, seen] = [chunks, quick?.pieces.length ?? 0]
    playOn()
    if (quick) await until('the quick one has it', () => quick.pieces.length >= seen + chunks - before)
    quick?.acknowledge()
  }
  playOn()
  const [quick, slow, stuck] = [1, 2, 3].map(() => new Viewer(server.socketUrl(1)))
  assert.ok(quick && slow && stuck)
  for (const viewer of [quick, slow, stuck]) await viewer.when('chunks', ({ pieces }) => pieces.length > 5)
  for (const viewer of [quick, slow, stuck]) viewer.acknowledge()
  slow.ws.pause()
  stuck.ws.pause()
  // What the kernels hold shows by the words of the viewers alone.
  while (server.viewers.counts().skipped < 2) {
    await play()
  }
  slow.ws.resume()
  const seen = slow.bytes
  await slow.when('taken what was sent', ({ bytes }) => bytes > seen)
  await until('the stalled one is closed', () => {
    slow.acknowledge()
    return server.viewers.counts().stalled === 1
  })
  await play()
  await slow.when('gone on', ({ kinds }) => kinds.includes('gap'))
  const at = slow.said.indexOf('gap')
  assert.equal(slow.said[at + 1], 'init')
  assert.equal(quick.kinds.includes('gap'), false)
  assert.equal(server.viewers.counts().viewers, 2)
  stuck.ws.resume()
  await stuck.when('gone', ({ closedWith }) => closedWith !== null)
  for (const viewer of [quick, slow]) viewer.ws.close()
})

test('whoever says what nobody may say is closed with the code for it', async (t) => {
  const server = await startMediaServer(t, { viewerLimits: { messagesPerSweep: 5 } })
  const sink = await open(server, 1)
  ;(await feeder(sink))()
  const cases: [string, (viewer: Viewer) => void, number][] = [
    ['binary', ({ ws }) => ws.send(Buffer.from([1])), 1003],
    ['another word', ({ ws }) => ws.send('{"kind":"hello"}'), 1008],
    ['bytes that were never sent', (viewer) => viewer.acknowledge(1e12), 1008],
    [
      'fewer bytes than before',
      (viewer) => {
        viewer.acknowledge(viewer.bytes)
        viewer.acknowledge(1)
      },
      1008,
    ],
    ['too long a word', ({ ws }) => ws.send('x'.repeat(300)), 1009],
    ['too many words', (viewer) => Array.from({ length: 9 }, () => viewer.acknowledge()), 1008],
  ]
  for (const [name, act, code] of cases) {
    const viewer = await new Viewer(server.socketUrl(1)).when('a chunk', ({ pieces }) => pieces.length > 1)
    act(viewer)
    await viewer.when(`been closed for ${name}`, ({ closedWith }) => closedWith === code)
  }
  const raw = connect(Number(new URL(server.socketUrl(1)).port), '127.0.0.1')
  raw.write('GET /media/1/live.ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
  const [answer] = await new Promise<Buffer[]>((resolve) => raw.once('data', (bytes) => resolve([bytes])))
  assert.match(String(answer), /^HTTP\/1\.1 426 /)
  await until('nobody is left', () => server.viewers.counts().viewers === 0)
})

test('a peer that gives no sign of life is asked for one, and goes when there is none', async (t) => {
  const server = await startMediaServer(t, { viewerLimits: { pingMs: 50, silentMs: 400, sweepMs: 20 } })
  const alive = new Viewer(server.socketUrl(1))
  let pings = 0
  alive.ws.on('ping', () => pings++)
  const dead = connect(Number(new URL(server.socketUrl(1)).port), '127.0.0.1')
  dead.write(handshake)
  let heard = Buffer.alloc(0)
  dead.on('data', (bytes) => {
    heard = Buffer.concat([heard, bytes])
  })
  await until('the dead one is put out', () => dead.destroyed || dead.readableEnded)
  assert.ok(heard.includes(Buffer.from([0x89, 0])), 'it was asked')
  await until('the other one has answered for longer than that', () => pings > 12)
  assert.equal(server.viewers.counts().viewers, 1)
  alive.ws.close()
})

test('there are only so many viewers: in all, of a stream, of an address', async (t) => {
  const refused = async (limits: Parameters<typeof startMediaServer>[1], status: number) => {
    const server = await startMediaServer(t, limits)
    const [first, second] = [new Viewer(server.socketUrl(1)), new Viewer(server.socketUrl(1))]
    await until('one is let in and the other is not', () => {
      const refusals = [first, second].map(({ refusedWith }) => refusedWith)
      return refusals.includes(status) && server.viewers.counts().viewers === 1
    })
    for (const { ws } of [first, second]) ws.close()
    await until('the place is free', () => server.viewers.counts().viewers === 0)
    const third = await new Viewer(server.socketUrl(1)).when('a place', ({ words }) => words.length > 0)
    third.ws.close()
  }
  await refused({ viewerLimits: { perStream: 1 } }, 503)
  await refused({ viewerLimits: { socketsMax: 1 } }, 503)
  await refused({ viewerLimits: { socketsByAddressMax: 1 } }, 429)
})

test('ten thousand viewers who come and go leave nothing', async (t) => {
  const rates = { burst: 20_000, perS: 20_000 }
  const server = await startMediaServer(t, { viewerLimits: { joins: rates, joinsByAddress: rates } })
  const sink = await open(server, 1)
  feed(sink, (await clip({ seconds: 1, size: '320x180' })).filter(isVideo))
  const { hostname, port } = new URL(server.socketUrl(1))
  const visit = (politely: boolean) =>
    new Promise<void>((resolve) => {
      const raw = connect(Number(port), hostname)
      raw.on('error', () => {}).on('close', () => resolve())
      raw.write(handshake)
      // Half say goodbye and half are cut off.
      raw.once('data', () => {
        if (politely) raw.end(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 3, 0xe8]))
        else raw.resetAndDestroy()
        raw.resume()
      })
    })
  const comeAndGo = async (count: number) => {
    for (let done = 0; done < count; done += 100)
      await Promise.all(Array.from({ length: 100 }, (_, index) => visit(index % 2 === 0)))
    await until('nobody is left', () => server.viewers.counts().viewers === 0)
    return heapBytes()
  }
  await comeAndGo(1_000)
  const before = await comeAndGo(1_000)
  const after = await comeAndGo(8_000)
  assert.ok(after - before < 2_000_000, `the heap grew by ${Math.round((after - before) / 1000)} kB`)
  assert.equal(server.hub.stream(1)?.publishing, true)
})
