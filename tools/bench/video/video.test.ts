import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type Chunk, createLiveHub } from '@chunbo/live-media'
import { clip, countFrames } from '@chunbo/live-media/testing/clips'
import { feed } from '@chunbo/live-media/testing/feed'
import { WebSocketServer } from 'ws'
import { RawViewer } from '../rooms/raw-viewer.ts'
import { HttpViewer } from './http-viewer.ts'
import { LagMeter } from './lag-meter.ts'
import { CHUNK_PEEK_BYTES, chunkNumber, countPictures, nextPart } from './pieces.ts'

const seconds = 5

/** Chunks and playlist of a clip as the mux makes them. */
async function muxed(t: TestContext) {
  const hub = createLiveHub({ storage: null })
  t.after(() => hub.close())
  const answer = await hub.openIngest({ roomId: 1, protocol: 'rtmp', onEvicted: () => {} })
  assert.ok(answer.kind === 'opened')
  const chunks: Chunk[] = []
  answer.stream.onChunk((chunk) => chunks.push(chunk))
  const tags = await clip({ seconds, gop: 60 })
  feed(answer.sink, tags)
  return { chunks, playlist: answer.stream.playlist(true), tags, sink: answer.sink }
}

test('the load knows chunks by their numbers and counts the pictures in them', async (t) => {
  const { chunks, playlist, tags, sink } = await muxed(t)
  const numbers = chunks.map(({ bytes }) => chunkNumber(bytes.subarray(0, CHUNK_PEEK_BYTES)))
  assert.deepEqual(
    numbers,
    chunks.map((_, index) => (numbers[0] ?? 0) + index),
  )
  assert.equal(chunkNumber(chunks[0]?.init.bytes ?? Buffer.alloc(0)), null)
  assert.equal(chunkNumber(Buffer.from('{"kind":"waiting"}')), null)
  // Two whole segments of ten parts, and what there is of the third.
  const next = nextPart(playlist)
  assert.equal(next?.msn, 2)
  assert.ok(next.part >= 3 && next.part <= 5, `part ${next.part}`)
  assert.equal(nextPart(Buffer.from('#EXTM3U\n')), null)
  sink.end('done')
  assert.equal(countPictures(Buffer.concat(chunks.map(({ bytes }) => bytes))), countFrames(tags))
})

test('a meter of lag tells who is late from when pieces are due, and how many are', () => {
  const meter = new LagMeter(100)
  // Piece 3 sets when pieces are due: it came earliest of all.
  for (const [index, lateMs] of [5, 3, 4, 0, 1, 2].entries()) meter.note(index, 10_000 + index * 100 + lateMs)
  meter.mark()
  for (let index = 6; index < 106; index += 1) meter.note(index, 10_000 + index * 100 + (index < 104 ? 12 : 700))
  assert.equal(meter.percentile(0.5), 15)
  assert.equal(meter.percentile(0.99), 705)
  assert.equal(meter.maxMs, 700)
  assert.equal(meter.dueBetween(10_000, 20_000), 100)
})

test('an HTTP viewer counts answers that come in pieces, and gives whole those that are wanted', async (t) => {
  const playlist = '#EXTM3U\n'.repeat(900)
  const server = createServer(async (request, response) => {
    const body = request.url === '/part' ? Buffer.alloc(300_000) : Buffer.from(playlist)
    response.writeHead(request.url === '/none' ? 404 : 200, { 'Content-Length': body.length })
    response.write(body.subarray(0, 10))
    await new Promise(setImmediate)
    response.end(body.subarray(10))
  })
  t.after(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const answers: string[] = []
  const questions = ['/list', '/part', '/none', '/part']
  await new Promise<void>((resolve) => {
    const ask = (viewer: HttpViewer) => {
      const path = questions[answers.length]
      if (path === undefined) resolve()
      else viewer.get(path, path === '/list')
    }
    const viewer = new HttpViewer(
      0,
      { port: (server.address() as AddressInfo).port, from: '127.0.0.1' },
      {
        open: ask,
        answer(_, status, body, bytes) {
          answers.push(`${status} ${bytes} ${body?.equals(Buffer.from(playlist)) ?? 'unseen'}`)
          ask(viewer)
        },
        gone: () => {},
      },
    )
    t.after(() => viewer.destroy())
  })
  const list = playlist.length
  assert.deepEqual(answers, [`200 ${list} true`, '200 300000 unseen', `404 ${list} unseen`, '200 300000 unseen'])
})

test('a socket viewer sees the beginning of every binary message, whatever its size', async (t) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  t.after(() => server.close())
  await once(server, 'listening')
  const sizes = [24, 125, 126, 200, 65_535, 65_536, 300_000, 24]
  server.on('connection', (socket) => {
    socket.send('{"kind":"init"}')
    for (const [index, size] of sizes.entries()) socket.send(Buffer.alloc(size, index + 1))
  })
  const seen: string[] = []
  await new Promise<void>((resolve) => {
    const place = { port: (server.address() as AddressInfo).port, path: '/', from: '127.0.0.1' }
    const viewer = new RawViewer(
      0,
      place,
      {
        open: () => {},
        frame(_, head, size) {
          seen.push(head[0] === 0x7b ? 'word' : `${size} of ${new Set(head.subarray(0, CHUNK_PEEK_BYTES)).size} kind`)
          if (seen.length === sizes.length + 1) resolve()
        },
        gone: () => {},
      },
      CHUNK_PEEK_BYTES,
    )
    viewer.wantsWhole = false
    t.after(() => viewer.destroy())
  })
  assert.deepEqual(seen, ['word', ...sizes.map((size) => `${size} of 1 kind`)])
})
