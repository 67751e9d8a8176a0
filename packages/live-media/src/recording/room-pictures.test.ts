import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCodes } from '../testing/coded-frames.ts'
import { openRecordedShow, type RecordedShow, showSize, showStartMs } from '../testing/recorded-show.ts'
import { openPictureMaker, type PictureMaker } from './picture-maker.ts'
import { Thumbnailer } from './thumbnails.ts'

async function openMaker(t: { after: (run: () => Promise<void>) => void }): Promise<PictureMaker> {
  const maker = await openPictureMaker()
  assert.ok(maker, 'this machine has ffmpeg')
  t.after(() => maker.close())
  return maker
}

interface Thumbs {
  pictures: boolean
  items: { atMs: number; replayMs: number; url: string }[]
}

async function thumbsOf(show: RecordedShow, query = ''): Promise<Thumbs> {
  return JSON.parse((await show.get(`thumbs.json?${query}`)).body.toString())
}

/** The number in a single picture, JPEG or MP4. */
async function codeIn(show: RecordedShow, target: string, size = showSize): Promise<number | null | undefined> {
  const { status, body } = await show.get(target)
  assert.equal(status, 200, target)
  const codes = await readCodes(body, size)
  assert.equal(codes.length, 1)
  return codes[0]
}

const thumbSize = { widthPx: 240, heightPx: 136 }

test('thumbnails and posters show the moment they stand for', async (t) => {
  const show = await openRecordedShow(t, await openMaker(t))
  await show.publish(0, 25)
  assert.equal(await codeIn(show, 'poster.jpg'), 24_000, 'on air: the newest key frame')
  assert.equal(await codeIn(show, 'poster.mp4'), 24_000)
  await show.hub.close()
  assert.equal(await codeIn(show, 'poster.jpg'), 20_000, 'of a recording: after the opening')
  for (const [atMs, shownMs] of [
    [7_900, 7_000],
    [8_000, 8_000],
    [-5_000, 0],
    [99_000, 24_000],
  ] as const) {
    assert.equal(await codeIn(show, `poster.jpg?at=${showStartMs + atMs}`), shownMs)
    assert.equal(await codeIn(show, `poster.mp4?at=${showStartMs + atMs}`), shownMs)
  }
  const { pictures, items } = await thumbsOf(show)
  assert.equal(pictures, true)
  assert.deepEqual(
    items.map(({ atMs, replayMs }) => [atMs - showStartMs, replayMs]),
    [
      [0, 0],
      [10_000, 10_000],
      [20_000, 20_000],
    ],
  )
  for (const { url, atMs } of items) assert.equal(await codeIn(show, url, thumbSize), atMs - showStartMs)
  const piece = await thumbsOf(show, `from=${showStartMs + 9_000}&to=${showStartMs + 15_000}`)
  assert.deepEqual(
    piece.items.map(({ atMs, replayMs }) => [atMs - showStartMs, replayMs]),
    [[10_000, 1_000]],
  )
})

test('without ffmpeg there are no JPEGs, and the key frame comes as an MP4 of one picture', async (t) => {
  assert.equal(await openPictureMaker('no-such-program'), null)
  const show = await openRecordedShow(t)
  await show.publish(0, 12)
  await show.hub.close()
  for (const target of ['poster.jpg', 'thumb-0.jpg']) assert.equal((await show.get(target)).status, 404)
  const { pictures, items } = await thumbsOf(show)
  assert.equal(pictures, false)
  for (const { url, atMs } of items) assert.equal(await codeIn(show, url), atMs - showStartMs)
})

test('thumbnails are made while a show is recorded, and only of segments that have one', async (t) => {
  const maker = await openMaker(t)
  const show = await openRecordedShow(t, maker)
  const thumbnailer = new Thumbnailer(maker, show.storage, { info() {}, warn() {}, error() {} })
  await show.publish(0, 25)
  const stream = show.hub.stream(1)
  assert.ok(stream)
  await show.hub.close()
  // The segments as the recorder hands them over.
  for (const line of (await show.storage.read('1/index.ndjson'))
    ?.toString()
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text)) ?? []) {
    const [init, bytes] = await Promise.all([show.storage.read(`1/${line.init}`), show.storage.read(`1/${line.uri}`)])
    assert.ok(init && bytes)
    const segment = { msn: line.seq, init: { name: line.init, bytes: init }, bytes }
    thumbnailer.offer(1, line, segment as Parameters<Thumbnailer['offer']>[2])
  }
  await thumbnailer.finish(1)
  for (const [seq, made] of [
    [0, true],
    [1, false],
    [5, true],
    [10, true],
  ] as const) {
    assert.equal((await show.storage.read(`1/thumb-${seq}.jpg`)) !== null, made, `thumb ${seq}`)
  }
  assert.equal((await show.get('thumb-1.jpg')).status, 404)
})

test('bytes that are no video give no picture and end within their time', async (t) => {
  const maker = await openMaker(t)
  const junk = {
    init: Buffer.from('000000106674797069736f36000000086d6f6f76', 'hex'),
    trackId: 1,
    ticksPerSecond: 90_000,
  }
  const results = await Promise.all([1, 2, 3].map((n) => maker.make([{ ...junk, data: Buffer.alloc(1000, n) }], 240)))
  assert.deepEqual(results, [null, null, null])
})
