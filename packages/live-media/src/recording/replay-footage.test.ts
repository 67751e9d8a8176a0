import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { readCodes } from '../testing/coded-frames.ts'
import { watch } from '../testing/ffmpeg.ts'
import { openRecordedShow, type RecordedShow, showSize, showStartMs } from '../testing/recorded-show.ts'
import { createRecordings, type ExportResult } from './recordings.ts'

/** Saves a replay and all that its playlist names, as a client would load it. */
async function saveReplay(show: RecordedShow, name: string, query: string): Promise<{ path: string; text: string }> {
  const text = (await show.get(`replay.m3u8?${query}`)).body.toString()
  for (const [, uri = ''] of text.matchAll(/(?:^|")((?:init|seg|cut)-[^"\n]+)/gm)) {
    const { status, body } = await show.get(uri)
    assert.equal(status, 200, uri)
    await writeFile(join(show.folder, uri), body)
  }
  const path = join(show.folder, name)
  await writeFile(path, text)
  return { path, text }
}

const range = (fromMs: number, toMs: number) => `from=${showStartMs + fromMs}&to=${showStartMs + toMs}`

/** Times of the frames of a 25 frames/s show, in ms from its start. */
function frames(fromMs: number, toMs: number): number[] {
  return Array.from({ length: Math.round((toMs - fromMs) / 40) }, (_, index) => fromMs + index * 40)
}

async function bytesOf(result: ExportResult): Promise<Buffer> {
  assert.equal(result.kind, 'file')
  const pieces: Buffer[] = []
  for await (const piece of result.body) pieces.push(piece)
  const bytes = Buffer.concat(pieces)
  assert.equal(result.headers['content-length'], String(bytes.length))
  return bytes
}

/** Everything that ffprobe says, its complaints included. */
async function probe(path: string): Promise<{ durations: Record<string, number>; starts: number[]; said: string }> {
  const shown = ['-show_entries', 'stream=codec_type,duration,start_time:format=duration', '-of', 'json']
  const child = spawn('ffprobe', ['-v', 'warning', ...shown, path], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [text, said] = ['', '']
  child.stdout.on('data', (bytes: Buffer) => (text += bytes))
  child.stderr.on('data', (bytes: Buffer) => (said += bytes))
  await once(child, 'close')
  const found = JSON.parse(text) as { format: { duration: string }; streams: { start_time: string }[] }
  return {
    durations: { file: Number(found.format.duration) },
    starts: found.streams.map((stream) => Number(stream.start_time)),
    said,
  }
}

test('a replay of a piece shows the key frame at or before its beginning, and nothing at or after its end', async (t) => {
  const show = await openRecordedShow(t)
  await show.publish(0, 9)
  await show.hub.close()
  const cases: [number, number, number][] = [
    [3_300, 7_700, 3_000],
    [0, 2_000, 0],
    [1_999, 2_001, 1_000],
    [5_000, 6_020, 5_000],
    [8_500, 60_000, 8_000],
  ]
  for (const [fromMs, toMs, beginsMs] of cases) {
    const { path, text } = await saveReplay(show, `piece-${fromMs}.m3u8`, range(fromMs, toMs))
    const endsMs = Math.min(9_000, Math.ceil(toMs / 40) * 40)
    assert.deepEqual(await readCodes(path, showSize), frames(beginsMs, endsMs), `${fromMs} to ${toMs}`)
    const told = [...text.matchAll(/EXTINF:([\d.]+)/g)].reduce((sum, [, s]) => sum + Number(s), 0)
    assert.equal(Math.round(told * 1000), endsMs - beginsMs)
    const startS = Number(/TIME-OFFSET=([\d.]+)/.exec(text)?.[1] ?? 0)
    assert.equal(Math.round(startS * 1000), fromMs - beginsMs)
    assert.match(text, new RegExp(`DATE-TIME:${new Date(showStartMs + beginsMs).toISOString()}`))
  }
})

test('an export is one file that any player reads: right footage, right length, sound with the picture', async (t) => {
  const show = await openRecordedShow(t)
  await show.publish(0, 9)
  await show.hub.close()
  const exporter = createRecordings(show.storage).exportMp4
  for (const [query, fromMs, toMs] of [
    ['', 0, 9_000],
    [range(3_300, 7_700), 3_000, 7_720],
  ] as const) {
    const path = join(show.folder, 'export.mp4')
    await writeFile(path, await bytesOf(await exporter({ roomId: 1, query: new URLSearchParams(query) })))
    assert.deepEqual(await readCodes(path, showSize), frames(fromMs, toMs))
    const { durations, starts, said } = await probe(path)
    assert.equal(said, '')
    assert.ok(Math.abs((durations.file ?? 0) - (toMs - fromMs) / 1000) < 0.03, JSON.stringify(durations))
    assert.equal(starts.length, 2)
    for (const startS of starts) assert.ok(startS >= 0 && startS < 0.03, `begins at ${startS} s`)
    const { audioFrames, errors } = await watch(path)
    assert.equal(errors, '')
    assert.ok(Math.abs(audioFrames - ((toMs - fromMs) * 48) / 1024) <= 2, `${audioFrames} sounds`)
  }
})

test('any range of bytes of an export is that part of the file, and a range of another version gets the whole', async (t) => {
  const show = await openRecordedShow(t)
  await show.publish(0, 9)
  await show.hub.close()
  const exporter = createRecordings(show.storage).exportMp4
  const ask = (more: { range?: string; ifRange?: string } = {}) =>
    exporter({ roomId: 1, query: new URLSearchParams(range(1_500, 8_200)), ...more })
  const first = await ask()
  const whole = await bytesOf(first)
  assert.equal(first.kind === 'file' && first.status, 200)
  const places = fc.tuple(fc.nat(whole.length - 1), fc.nat(whole.length - 1))
  await fc.assert(
    fc.asyncProperty(places, async ([one, other]) => {
      const [start, end] = [Math.min(one, other), Math.max(one, other)]
      const result = await ask({ range: `bytes=${start}-${end}` })
      assert.equal(result.kind === 'file' && result.headers['content-range'], `bytes ${start}-${end}/${whole.length}`)
      assert.ok((await bytesOf(result)).equals(whole.subarray(start, end + 1)))
    }),
    { numRuns: 40 },
  )
  assert.ok((await bytesOf(await ask({ range: 'bytes=-100' }))).equals(whole.subarray(-100)))
  assert.equal((await ask({ range: `bytes=${whole.length}-` })).kind, 'unsatisfiable')
  const tag = first.kind === 'file' ? first.headers.etag : ''
  for (const [ifRange, status] of [
    [tag, 206],
    ['"another"', 200],
  ] as const) {
    const result = await ask({ range: 'bytes=5-9', ...(ifRange ? { ifRange } : {}) })
    assert.equal(result.kind === 'file' && result.status, status)
  }
  assert.equal((await exporter({ roomId: 1, query: new URLSearchParams('from=9&to=1') })).kind, 'bad_range')
  assert.equal((await exporter({ roomId: 2, query: new URLSearchParams() })).kind, 'empty')
})

test('a publisher gone for 30 s leaves one recording that says so, and replay and export go over the gap', async (t) => {
  const show = await openRecordedShow(t)
  await show.publish(0, 5)
  await show.publish(35_000, 5)
  await show.hub.close()
  const footage = [...frames(0, 5_000), ...frames(35_000, 40_000)]
  const { path, text } = await saveReplay(show, 'all.m3u8', '')
  assert.deepEqual(await readCodes(path, showSize), footage)
  assert.equal(text.match(/#EXT-X-DISCONTINUITY/g)?.length, 1)
  const index = await show.storage.read('1/index.ndjson')
  assert.equal(index?.toString().match(/"gap":"away"/g)?.length, 1)

  const exported = join(show.folder, 'all.mp4')
  const exporter = createRecordings(show.storage).exportMp4
  await writeFile(exported, await bytesOf(await exporter({ roomId: 1, query: new URLSearchParams() })))
  assert.deepEqual(await readCodes(exported, showSize), footage)
  const { durations, said } = await probe(exported)
  assert.equal(said, '')
  assert.ok(Math.abs((durations.file ?? 0) - 10.1) < 0.03, JSON.stringify(durations))
  assert.equal((await watch(exported)).errors, '')

  const within = await saveReplay(show, 'within.m3u8', range(10_000, 36_000))
  assert.deepEqual(
    await readCodes(within.path, showSize),
    frames(35_000, 36_000),
    'a moment in the gap is where it goes on',
  )
})

test('where the picture changes its size one file cannot hold both: the export says which pieces it can make', async (t) => {
  const show = await openRecordedShow(t)
  await show.publish(0, 5)
  const tall = { widthPx: 180, heightPx: 320 }
  await show.publish(6_000, 5, tall)
  await show.hub.close()
  const exporter = createRecordings(show.storage).exportMp4
  const refused = await exporter({ roomId: 1, query: new URLSearchParams() })
  assert.equal(refused.kind, 'tracks_changed')
  assert.deepEqual(refused.spans, [
    { fromMs: showStartMs, toMs: showStartMs + 5_000 },
    { fromMs: showStartMs + 6_000, toMs: showStartMs + 11_000 },
  ])
  for (const [index, size] of [showSize, tall].entries()) {
    const span = refused.spans[index]
    const query = new URLSearchParams({ from: String(span?.fromMs), to: String(span?.toMs) })
    const bytes = await bytesOf(await exporter({ roomId: 1, query }))
    assert.deepEqual(await readCodes(bytes, size), frames(index * 6_000, index * 6_000 + 5_000))
  }
})
