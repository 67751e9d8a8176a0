import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { PUBLISH_AUDIO, PUBLISH_KIND, type PublishServerMessage } from '@chunbo/contract/publish'
import { WebSocket } from 'ws'
import type { PublishLimits } from '../limits.ts'
import { createLiveHub, type LiveHub } from '../live-hub.ts'
import { clip, isAudio, isVideo } from '../testing/clips.ts'
import { ffmpegBytes, watch } from '../testing/ffmpeg.ts'
import { createFolderStorage } from '../testing/folder-storage.ts'
import { helloText, publishMessage } from '../testing/publish-client.ts'
import { until } from '../testing/until.ts'
import { createMediaHandler } from '../watch/media-handler.ts'
import { createPublishSockets, type PublishSockets } from './publish-sockets.ts'

interface World {
  hub: LiveHub
  sockets: PublishSockets
  url: string
  replayUrl: (roomId: number) => string
  events: string[]
}

/** The publishing sockets on a real server that lets everybody in: the path says who it is. */
async function startWorld(t: TestContext, limits: Partial<PublishLimits> = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-publish-'))
  const storage = createFolderStorage(folder)
  const hub = createLiveHub({ storage })
  const sockets = createPublishSockets({ hub, limits })
  const handle = createMediaHandler({ hub, storage })
  const http = createServer((request, response) => {
    const [, roomId, path = ''] = /^\/(\d+)\/(.*)$/.exec((request.url ?? '').split('?')[0] ?? '') ?? []
    const asked = { roomId: Number(roomId), path, query: new URLSearchParams() }
    void handle(asked).then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
  })
  http.on('upgrade', (request, socket, head) => {
    const [, roomId, userId] = /^\/(\d+)\/(\d+)$/.exec(request.url ?? '') ?? []
    sockets.accept(request, socket, head, { roomId: Number(roomId), userId: Number(userId) })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  t.after(async () => {
    sockets.close()
    await hub.close()
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
    await rm(folder, { recursive: true, force: true })
  })
  const events: string[] = []
  hub.events.on('publish.started', ({ resumed }) => events.push(resumed ? 'started again' : 'started'))
  hub.events.on('publish.ended', ({ reason }) => events.push(`ended ${reason}`))
  const url = `ws://127.0.0.1:${port}`
  return { hub, sockets, url, events, replayUrl: (roomId) => `http://127.0.0.1:${port}/${roomId}/replay.m3u8` }
}

interface Client {
  ws: WebSocket
  heard: PublishServerMessage[]
  code: () => string | null
}

async function connect(url: string, hello: Parameters<typeof helloText>[0] = {}): Promise<Client> {
  const ws = new WebSocket(url)
  const heard: PublishServerMessage[] = []
  ws.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString('utf8'))))
  ws.on('error', () => {})
  await once(ws, 'open')
  ws.send(helloText(hello))
  await until('there is an answer', () => heard.length > 0)
  const code = (): string | null => {
    const problem = heard.find(({ t }) => t === 'problem')
    return problem?.t === 'problem' ? problem.code : null
  }
  return { ws, heard, code }
}

async function clipMessages(fromMs: number, toMs: number, shiftMs = 0): Promise<Buffer[]> {
  const tags = await clip({ seconds: 6, gop: 30 })
  const config = (kind: number, bytes: Buffer) => publishMessage(kind, bytes)
  return tags.flatMap((tag) => {
    const { body, timestampMs } = tag
    if (isVideo(tag) && body[1] === 0) return [config(PUBLISH_KIND.videoConfig, body.subarray(5))]
    if (isAudio(tag) && body[1] === 0) {
      return [config(PUBLISH_KIND.audioConfig, Buffer.concat([Buffer.of(PUBLISH_AUDIO.aac), body.subarray(2)]))]
    }
    if (timestampMs < fromMs || timestampMs >= toMs || (isVideo(tag) && body[1] !== 1)) return []
    const head = { dtsUs: (timestampMs + shiftMs) * 1_000, key: isVideo(tag) && body.readUInt8(0) >> 4 === 1 }
    return [
      publishMessage(isVideo(tag) ? PUBLISH_KIND.video : PUBLISH_KIND.audio, body.subarray(isVideo(tag) ? 5 : 2), head),
    ]
  })
}

async function send({ ws, heard }: Client, messages: readonly Buffer[]): Promise<void> {
  const bytes = messages.reduce((sum, { length }) => sum + length, 0)
  for (const message of messages) ws.send(message)
  await until('all has arrived', () => heard.some((message) => message.t === 'ack' && message.bytes >= bytes))
}

test('a publisher that comes back on another socket goes on in the same ingest, before and after the old one is known to be dead', async (t) => {
  const { hub, url, events, replayUrl } = await startWorld(t)
  const first = await connect(`${url}/1/7`)
  await send(first, await clipMessages(0, 2_000))
  // The old socket still stands: the phone has changed from Wi-Fi to the mobile network.
  const second = await connect(`${url}/1/7`)
  assert.deepEqual(second.heard[0], { ...first.heard[0], resumed: true })
  await until('the first one is told', () => first.code() === 'taken_over')
  await send(second, await clipMessages(2_000, 4_000))
  // The socket breaks first, and the publisher comes back after a while.
  second.ws.terminate()
  await new Promise((resolve) => setTimeout(resolve, 300))
  const third = await connect(`${url}/1/7`)
  assert.equal(third.heard[0]?.t === 'welcome' && third.heard[0].resumed, true)
  await send(third, await clipMessages(4_000, 6_000, 500))
  third.ws.send('{"t":"stop"}')
  await once(third.ws, 'close')
  assert.deepEqual(events, ['started', 'ended unpublished'])
  await hub.endStream(1)

  const playlist = await (await fetch(replayUrl(1))).text()
  assert.doesNotMatch(playlist, /#EXT-X-DISCONTINUITY\n/)
  const { frames, errors, audioFrames } = await watch(replayUrl(1))
  assert.deepEqual([frames, errors], [180, ''])
  assert.ok(audioFrames > 250, `${audioFrames} audio frames`)
})

test('another publisher is told that the room is busy, and gets it when the first one stays away', async (t) => {
  const { url, events } = await startWorld(t, { resumeMs: 300 })
  const first = await connect(`${url}/2/7`)
  await send(first, await clipMessages(0, 1_000))
  for (const [path, hello] of [
    ['2/8', {}],
    ['2/7', { session: 'other-other-other-othe' }],
  ] as const) {
    const other = await connect(`${url}/${path}`, hello)
    assert.equal(other.code(), 'busy', path)
  }
  first.ws.terminate()
  await until('the first one is given up', () => events.includes('ended disconnected'))
  const other = await connect(`${url}/2/8`)
  assert.equal(other.heard[0]?.t, 'welcome')
  await send(other, await clipMessages(0, 1_000))
  assert.deepEqual(events, ['started', 'ended disconnected', 'started again'])
})

test('a show that is ended, a server that closes and a full room are told in words', async (t) => {
  const { hub, sockets, url } = await startWorld(t, { socketsPerRoom: 1 })
  const ended = await connect(`${url}/3/7`)
  await send(ended, await clipMessages(0, 500))
  await hub.endStream(3)
  await until('the publisher is told', () => ended.code() === 'ended')
  const one = await connect(`${url}/4/7`)
  const other = new WebSocket(`${url}/4/9`)
  const [error] = (await once(other, 'error')) as [Error]
  assert.match(error.message, /503/)
  sockets.close()
  await until('the publisher is told', () => one.code() === 'interrupted')
})

test('the recording of a browser, sent as it is made, plays like frames do', async (t) => {
  const { hub, url, replayUrl } = await startWorld(t)
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=30', '-f', 'lavfi', '-i', 'sine', '-t', '4']
  const video = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30']
  const formats = {
    mp4: ['-c:a', 'aac', '-f', 'mp4', '-movflags', 'empty_moov+frag_keyframe+default_base_moof'],
    matroska: ['-c:a', 'libopus', '-f', 'matroska', '-live', '1'],
  }
  for (const [i, format] of (['mp4', 'matroska'] as const).entries()) {
    const file = await ffmpegBytes([...source, ...video, ...formats[format]])
    const client = await connect(`${url}/${i + 5}/7`, { format })
    const pieces = Array.from({ length: Math.ceil(file.length / 9_999) }, (_, at) =>
      publishMessage(PUBLISH_KIND.container, file.subarray(at * 9_999, (at + 1) * 9_999)),
    )
    await send(client, pieces)
    client.ws.send('{"t":"stop"}')
    await once(client.ws, 'close')
    await hub.endStream(i + 5)
    const { frames, audioFrames, errors } = await watch(replayUrl(i + 5))
    assert.deepEqual([frames, errors], [120, ''], format)
    assert.ok(audioFrames > 150, `${format}: ${audioFrames} audio frames`)
  }
})
