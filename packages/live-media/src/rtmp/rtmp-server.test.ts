import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { MediaFormatError } from '../ingest-sink.ts'
import { createLiveHub } from '../live-hub.ts'
import { clip, isVideo, sendTags } from '../testing/clips.ts'
import { clipArgs, runFfmpeg } from '../testing/ffmpeg.ts'
import { type MediaServer, startMediaServer } from '../testing/media-server.ts'
import { until } from '../testing/until.ts'
import { handshakeBytes } from './rtmp-handshake.ts'
import { messageType } from './rtmp-message.ts'
import { openRtmpPublisher, PublishRefused, type RtmpPublisher } from './rtmp-publisher.ts'

async function dial(t: TestContext, server: MediaServer): Promise<{ socket: Socket; closed: Promise<unknown> }> {
  const socket = connect(server.rtmpPort, '127.0.0.1')
  t.after(() => socket.destroy())
  socket.on('error', () => socket.destroy())
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  socket.resume()
  return { socket, closed }
}

async function refusalOf(opening: Promise<RtmpPublisher>): Promise<string> {
  try {
    await opening
  } catch (error) {
    assert.ok(error instanceof PublishRefused, String(error))
    return error.code
  }
  return 'accepted'
}

/** The server still does its work: a publisher comes in and its pictures arrive. */
async function assertAlive(server: MediaServer): Promise<void> {
  const arrived = once(server.hub.events, 'video.arrived')
  const publisher = await openRtmpPublisher(server.publishUrl('room-99'))
  await sendTags(publisher, await clip({ seconds: 1 }))
  await arrived
  await publisher.close()
}

test('a wrong key, a malformed key and a wrong application are told so and cut off', async (t) => {
  const server = await startMediaServer(t)
  assert.equal(await refusalOf(openRtmpPublisher(server.publishUrl('nobody'))), 'NetStream.Publish.Denied')
  assert.equal(await refusalOf(openRtmpPublisher(server.publishUrl('..%2f..%2fetc'))), 'NetStream.Publish.Denied')
  const elsewhere = server.publishUrl('room-1').replace('/live/', '/vod/')
  assert.equal(await refusalOf(openRtmpPublisher(elsewhere)), 'NetConnection.Connect.Rejected')
  assert.deepEqual(server.published, [])
  const { code } = await runFfmpeg([...clipArgs({ seconds: 1 }), server.publishUrl('nobody')]).done
  assert.notEqual(code, 0, 'ffmpeg with a wrong key fails')
  await assertAlive(server)
})

test('a second publisher on a key is refused while the first is alive, and replaces it once it has stalled', async (t) => {
  const server = await startMediaServer(t, { streamLimits: { stallMs: 300 } })
  const tags = await clip({ seconds: 1 })
  const first = await openRtmpPublisher(server.publishUrl('room-1'))
  await sendTags(first, tags)
  assert.equal(await refusalOf(openRtmpPublisher(server.publishUrl('room-1'))), 'NetStream.Publish.BadName')
  assert.equal(server.hub.stream(1)?.health().state, 'publishing')

  let second: RtmpPublisher | null = null
  const deadlineMs = Date.now() + 5_000
  while (!second && Date.now() < deadlineMs)
    second = await openRtmpPublisher(server.publishUrl('room-1')).catch(() => null)
  assert.ok(second, 'the stalled publisher was replaced')
  await first.closed
  await sendTags(second, tags)
  await second.close()
  assert.deepEqual(server.published, ['start 1', 'stop 1 stalled', 'start 1', 'stop 1 unpublished'])
})

test('half a handshake, a dripping client and one that never publishes lose their places', async (t) => {
  const server = await startMediaServer(t, { rtmpLimits: { handshakeMs: 200, publishMs: 600, authoriseMs: 100 } })
  const half = await dial(t, server)
  half.socket.write(Buffer.concat([Buffer.of(3), Buffer.alloc(700)]))
  const silent = await dial(t, server)
  const dripping = await dial(t, server)
  const drip = setInterval(() => dripping.socket.write(Buffer.of(3)), 20)
  t.after(() => clearInterval(drip))
  const shaken = await dial(t, server)
  shaken.socket.write(Buffer.concat([Buffer.of(3), Buffer.alloc(2 * handshakeBytes)]))
  await Promise.all([half.closed, silent.closed, dripping.closed, shaken.closed])
  await until('all places are free', () => server.rtmp.connections === 0)
  await assertAlive(server)
})

test('a publisher who falls silent, or sends bytes but no frames, is let go', async (t) => {
  const server = await startMediaServer(t, { rtmpLimits: { idleMs: 400, mediaIdleMs: 900 } })
  const tags = await clip({ seconds: 1 })
  const silent = await openRtmpPublisher(server.publishUrl('room-1'))
  await sendTags(silent, tags)
  const chatty = await openRtmpPublisher(server.publishUrl('room-2'))
  const metadata = tags.find((tag) => tag.typeId === messageType.dataAmf0)
  const chat = setInterval(() => metadata && void chatty.send(metadata), 50)
  t.after(() => clearInterval(chat))
  await Promise.all([silent.closed, chatty.closed])
  assert.ok(server.published.includes('stop 1 idle'), server.published.join())
  assert.ok(server.published.includes('stop 2 no_frames'), server.published.join())
})

test('garbage, HTTP, TLS and garbage after a good handshake close the connection and nothing else', async (t) => {
  const server = await startMediaServer(t)
  const greetings = [
    Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]),
    Buffer.alloc(100_000, 0xff),
    Buffer.concat([Buffer.of(3), Buffer.alloc(2 * handshakeBytes), Buffer.alloc(50_000, 0xff)]),
    Buffer.concat([Buffer.of(3), Buffer.alloc(2 * handshakeBytes), Buffer.from('GET / HTTP/1.1\r\n\r\n')]),
  ]
  for (const greeting of greetings) {
    const { socket, closed } = await dial(t, server)
    socket.write(greeting)
    await closed
  }
  await assertAlive(server)
})

test('abrupt ends at any byte of a publish leave no connection and no publisher behind', async (t) => {
  const server = await startMediaServer(t)
  const tags = (await clip({ seconds: 1 })).filter(isVideo)
  for (let round = 0; round < 20; round++) {
    const publisher = await openRtmpPublisher(server.publishUrl('room-1'))
    const ended = once(server.hub.events, 'publish.ended')
    void sendTags(publisher, tags.slice(0, round))
    publisher.destroy()
    await ended
  }
  assert.equal(server.hub.stream(1)?.health().state, 'waiting')
  await assertAlive(server)
})

test('an address with its share of connections gets another only by giving up its oldest idle one', async (t) => {
  const server = await startMediaServer(t, { rtmpLimits: { connections: 10, connectionsPerAddress: 3 } })
  const publisher = await openRtmpPublisher(server.publishUrl('room-1'))
  const [first, second] = [await dial(t, server), await dial(t, server)]
  const third = await dial(t, server)
  await first.closed
  assert.equal(server.rtmp.connections, 3)
  await dial(t, server)
  await second.closed
  assert.equal(third.socket.destroyed, false)
  assert.equal(server.hub.stream(1)?.health().state, 'publishing')
  await publisher.close()
  await assertAlive(server)
})

test('publishers fill an address and the server, and more are turned away at the door', async (t) => {
  const server = await startMediaServer(t, { rtmpLimits: { connections: 4, connectionsPerAddress: 2 } })
  for (const room of [1, 2]) await openRtmpPublisher(server.publishUrl(`room-${room}`))
  await (await dial(t, server)).closed
  assert.equal(server.rtmp.connections, 2)
})

test('too many bits a second end a publish', async (t) => {
  const server = await startMediaServer(t, { rtmpLimits: { bitsPerSecond: 1_000_000, rateWindowMs: 1_000 } })
  const publisher = await openRtmpPublisher(server.publishUrl('room-1'))
  const flood = await clip({ seconds: 4 })
  await sendTags(publisher, flood)
  await publisher.closed
  assert.deepEqual(server.published, ['start 1', 'stop 1 media_refused'])
})

test('codecs that cannot be passed on are refused by name', async (t) => {
  const server = await startMediaServer(t)
  const publisher = await openRtmpPublisher(server.publishUrl('room-1'))
  await publisher.send({ typeId: messageType.video, timestampMs: 0, body: Buffer.from([0x12, 0, 0, 0, 0, 0]) })
  await publisher.closed
  assert.deepEqual(server.published, ['start 1', 'stop 1 media_refused'])
})

test('a full hub refuses more rooms, and a closing one ends its publishers', async (t) => {
  const server = await startMediaServer(t, { streamLimits: { streams: 1 } })
  const publisher = await openRtmpPublisher(server.publishUrl('room-1'))
  assert.equal(await refusalOf(openRtmpPublisher(server.publishUrl('room-2'))), 'NetStream.Publish.Denied')
  await server.hub.close()
  await publisher.closed
  assert.equal(await refusalOf(openRtmpPublisher(server.publishUrl('room-1'))), 'NetStream.Publish.Denied')
  assert.deepEqual(server.published, ['start 1', 'stop 1 closing'])
})

test('with takeover the second publisher comes in, the first is told, and coming back by itself does not help it', async (t) => {
  const hub = createLiveHub({ storage: null })
  t.after(() => hub.close())
  const gone: string[] = []
  const open = (peer: string) =>
    hub.openIngest({
      roomId: 1,
      protocol: 'rtmp',
      takeover: true,
      peer,
      onEvicted: (reason) => gone.push(`${peer} ${reason}`),
    })
  const refusal = async (peer: string): Promise<string | null> => {
    const answer = await open(peer)
    return answer.kind === 'refused' ? answer.refusal.code : null
  }
  assert.equal(await refusal('phone'), null)
  assert.equal(await refusal('computer'), null)
  assert.deepEqual(gone, ['phone taken_over'])
  assert.equal(await refusal('phone'), 'taken_over')
  assert.equal(hub.lastRefusal(1)?.code, 'taken_over')
  assert.equal(await refusal('tablet'), null)
  assert.equal(hub.lastRefusal(1), null)
  assert.deepEqual(gone, ['phone taken_over', 'computer taken_over'])
})

test('a show that is too long and a bitrate over the limit end a publish in words', async () => {
  let nowMs = 0
  const limits = { showMs: 3_600_000, ingestBitsPerSecond: 1_000_000 }
  const hub = createLiveHub({ storage: null, now: () => nowMs, limits })
  const open = (roomId: number) => hub.openIngest({ roomId, protocol: 'rtmp', onEvicted: () => {} })
  const long = await open(1)
  const fat = await open(2)
  assert.ok(long.kind === 'opened' && fat.kind === 'opened')
  const picture = { compositionMs: 0, key: true, data: Buffer.alloc(10_000) }
  for (let ms = 0; ms < 60_000; ms += 100) {
    nowMs = ms
    long.sink.video({ ...picture, dtsMs: ms })
  }
  const code = (feed: () => void): string => {
    try {
      feed()
    } catch (error) {
      if (error instanceof MediaFormatError) return error.refusal.code
    }
    return 'taken'
  }
  assert.equal(
    code(() => long.sink.video({ ...picture, dtsMs: 60_000 })),
    'taken',
  )
  const flood = (): void => {
    for (let i = 0; i < 100; i++) fat.sink.video({ ...picture, dtsMs: i })
  }
  assert.equal(code(flood), 'bitrate_too_high')
  nowMs = 3_601_000
  assert.equal(
    code(() => long.sink.video({ ...picture, dtsMs: 70_000 })),
    'show_too_long',
  )
  long.sink.end('media_refused')
  const again = await open(1)
  assert.equal(again.kind === 'refused' ? again.refusal.code : 'opened', 'show_too_long')
  await hub.close()
})

test('a refusal is read by ffmpeg, in both languages', async (t) => {
  const server = await startMediaServer(t, { streamLimits: { pictureLongPx: 640, pictureShortPx: 360 } })
  const wrong = await runFfmpeg([...clipArgs({ seconds: 1 }), server.publishUrl('nobody')]).done
  assert.match(wrong.output, /密钥不对.*the stream key is wrong/)
  const large = await runFfmpeg(['-re', ...clipArgs({ seconds: 20, size: '1280x720' }), server.publishUrl('room-1')])
    .done
  assert.notEqual(large.code, 0)
  assert.equal(server.hub.lastRefusal(1)?.code, 'picture_too_large')
})
