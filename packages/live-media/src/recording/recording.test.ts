import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { createLiveHub, type LiveHub } from '../live-hub.ts'
import { clip } from '../testing/clips.ts'
import { feed } from '../testing/feed.ts'
import { drawClip, watch } from '../testing/ffmpeg.ts'
import { createFolderStorage } from '../testing/folder-storage.ts'
import { until } from '../testing/until.ts'
import { IndexCache } from './index-cache.ts'
import { readIndex } from './index-parts.ts'
import type { MediaStorage } from './media-storage.ts'
import { RecordedMedia } from './recorded-media.ts'
import { parseIndex, type RecordedSegment, renderIndexLine } from './recording-index.ts'
import { parseReplayRange, type ReplayRange, renderReplayPlaylist } from './replay.ts'
import { choosePieces } from './replay-piece.ts'

async function makeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-recording-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function publishClip(hub: LiveHub, seconds = 5): Promise<void> {
  const answer = await hub.openIngest({ roomId: 1, protocol: 'rtmp', onEvicted: () => {} })
  assert.equal(answer.kind, 'opened')
  feed(answer.sink, await clip({ seconds }))
  answer.sink.end('unpublished')
}

function indexOf(folder: string): ReturnType<typeof readIndex> {
  return readIndex(createFolderStorage(folder), 1)
}

/** The playlist of a recording of which nothing but the index is left. */
async function playlistOf(segments: readonly RecordedSegment[], range: ReplayRange): Promise<string | null> {
  const text = Buffer.concat(segments.map(renderIndexLine))
  const storage = { read: async (key: string) => (key === '1/index.ndjson' ? text : null) }
  const media = new RecordedMedia(storage, new IndexCache(storage, Date.now))
  return renderReplayPlaylist(await choosePieces(media, 1, range), range.fromMs)
}

test('a show goes on in the same index after a restart, even when the last line was torn', async (t) => {
  const folder = await makeFolder(t)
  const storage = createFolderStorage(folder)
  const first = createLiveHub({ storage })
  await publishClip(first)
  await first.close()
  const index = join(folder, '1', 'index.ndjson')
  const whole = await readFile(index)
  await truncate(index, whole.length - 20)

  const second = createLiveHub({ storage })
  await publishClip(second)
  await second.close()
  const { segments, damagedLines } = await indexOf(folder)
  assert.equal(damagedLines, 1)
  assert.deepEqual(
    segments.map(({ seq }) => seq),
    [0, 1, 11, 12, 13],
  )
  assert.deepEqual(
    segments.map(({ discontinuity }) => discontinuity),
    [false, false, true, false, false],
  )
  assert.equal(new Set(segments.map(({ init }) => init)).size, 1)
  const files = await readdir(join(folder, '1'))
  for (const { uri, init } of segments) assert.ok(files.includes(uri) && files.includes(init))
  assert.ok(files.every((name) => !name.endsWith('.part')))
})

test('kill -9 at any moment of a recording leaves whole segments, and the replay of all rounds plays', async (t) => {
  const folder = await makeFolder(t)
  const clipPath = join(folder, 'clip.flv')
  await writeFile(clipPath, await drawClip({ seconds: 2, size: '160x90', rate: 15 }))
  const script = fileURLToPath(new URL('../testing/record-until-killed.ts', import.meta.url))
  const rounds = 6
  let before = 0
  for (let round = 0; round < rounds; round++) {
    const child = spawn(process.execPath, [script, folder, clipPath], { stdio: 'inherit' })
    t.after(() => child.kill('SIGKILL'))
    const linesNow = (): number => countLines(join(folder, '1'))
    await until('three more segments are listed', () => linesNow() >= before + 3)
    await new Promise((resolve) => setTimeout(resolve, round * 7))
    child.kill('SIGKILL')
    await once(child, 'close')
    before = linesNow()
  }
  const { segments } = await indexOf(folder)
  assert.ok(segments.length >= rounds * 3)
  assert.equal(segments.filter(({ discontinuity }) => discontinuity).length, rounds - 1)
  for (const { uri, bytes } of segments) assert.equal((await stat(join(folder, '1', uri))).size, bytes, uri)
  const playlist = join(folder, '1', 'all.m3u8')
  await writeFile(playlist, (await playlistOf(segments, { fromMs: null, toMs: null })) ?? '')
  const { frames, errors } = await watch(playlist)
  assert.equal(frames, segments.length * 30)
  assert.equal(errors, '')
})

function countLines(folder: string): number {
  const parts = existsSync(folder) ? readdirSync(folder).filter((name) => /^index.*\.ndjson$/.test(name)) : []
  return parts.reduce((sum, name) => sum + readFileSync(join(folder, name), 'utf8').split('\n').length - 1, 0)
}

test('a failing storage loses its segments, says so, marks the gap and does not disturb the stream', async (t) => {
  const folder = await makeFolder(t)
  const folderStorage = createFolderStorage(folder)
  const storage: MediaStorage = {
    ...folderStorage,
    async put(key, bytes) {
      if (key.endsWith('seg-1.m4s')) throw new Error('no space left on device')
      await folderStorage.put(key, bytes)
    },
  }
  const hub = createLiveHub({ storage })
  const failed = once(hub.events, 'recording.failed')
  await publishClip(hub, 7)
  const [{ seq, reason }] = (await failed) as [{ seq: number; reason: string }]
  assert.deepEqual([seq, reason], [1, 'no space left on device'])
  await hub.close()
  const { segments } = await indexOf(folder)
  assert.deepEqual(
    segments.map((segment) => [segment.seq, segment.discontinuity, segment.gap]),
    [
      [0, false, undefined],
      [2, true, 'failing'],
      [3, false, undefined],
    ],
  )
})

test('a storage that hangs cannot grow memory: segments beyond the queue are given up', async () => {
  const storage: MediaStorage = {
    put: () => new Promise(() => {}),
    read: async () => null,
    freeBytes: async () => null,
  }
  const hub = createLiveHub({ storage })
  const given: number[] = []
  hub.events.on('recording.failed', ({ seq }) => given.push(seq))
  for (let round = 0; round < 6; round++) await publishClip(hub, 7)
  assert.deepEqual(given, [16, 17, 18, 19, 20, 21, 22, 23])
  assert.deepEqual(hub.stream(1)?.health().recording, { state: 'slow', lostSegments: 8 })
})

test('an index cut or overwritten anywhere reads without a throw, in order, and keeps the lines before', async () => {
  const lines: RecordedSegment[] = Array.from({ length: 6 }, (_, seq) => ({
    seq,
    uri: `seg-${seq}.m4s`,
    init: 'init-0123456789abcdef.mp4',
    startMs: 1_700_000_000_000 + seq * 2_000,
    durationMs: 2_000,
    discontinuity: false,
    bytes: 1000,
  }))
  const text = Buffer.concat(lines.map(renderIndexLine))
  fc.assert(
    fc.property(fc.nat(text.length), (length) => {
      const { segments } = parseIndex(text.toString('utf8', 0, length))
      const whole = text.toString('utf8', 0, length).split('\n').length - 1
      assert.ok(segments.length >= whole)
      assert.deepEqual(segments, lines.slice(0, segments.length))
    }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(text.length - 1), fc.nat(255)), { maxLength: 5 }), async (flips) => {
      const damaged = Buffer.from(text)
      for (const [at, value] of flips) damaged[at] = value
      const { segments } = parseIndex(damaged.toString('utf8'))
      assert.ok(segments.every(({ seq }, i) => i === 0 || seq > (segments[i - 1]?.seq ?? -1)))
      await playlistOf(segments, { fromMs: null, toMs: null })
    }),
    { numRuns: 2_000 },
  )
})

test('a replay is cut by wall clock, keeps discontinuities and changes of tracks, and refuses nonsense', async () => {
  const base = { durationMs: 2_000, bytes: 1, discontinuity: false }
  const [one, two] = ['init-0000000000000001.mp4', 'init-0000000000000002.mp4']
  const segments = [
    { ...base, seq: 0, uri: 'seg-0.m4s', init: one, startMs: 10_000 },
    { ...base, seq: 1, uri: 'seg-1.m4s', init: one, startMs: 12_000 },
    { ...base, seq: 5, uri: 'seg-5.m4s', init: two, startMs: 60_000, discontinuity: true },
  ]
  const range = (query: string) => parseReplayRange(new URLSearchParams(query))
  const uris = async (query: string): Promise<string[] | null> => {
    const asked = range(query)
    assert.ok(asked, query)
    return (await playlistOf(segments, asked))?.match(/seg-\d+\.m4s/g) ?? null
  }
  assert.deepEqual(await uris(''), ['seg-0.m4s', 'seg-1.m4s', 'seg-5.m4s'])
  assert.deepEqual(await uris('from=12000'), ['seg-1.m4s', 'seg-5.m4s'])
  assert.deepEqual(await uris('to=12000'), ['seg-0.m4s'])
  assert.deepEqual(await uris('from=1970-01-01T00:00:13.000Z&to=1970-01-01T00:00:20Z'), ['seg-1.m4s'])
  assert.equal(await uris('from=15000&to=20000'), null)
  for (const query of ['from=x', 'to=2020-13-45', 'from=5&to=5', 'from=9&to=1', 'from=-1', 'from=99999999999999999']) {
    assert.equal(range(query), null, query)
  }
  const text = (await playlistOf(segments, { fromMs: 13_500, toMs: null })) ?? ''
  assert.match(text, /#EXT-X-START:TIME-OFFSET=1\.500,PRECISE=YES/)
  assert.match(text, /seg-1\.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-0000000000000002\.mp4"/)
  assert.match(text, /#EXT-X-ENDLIST\n$/)
})

test('folder storage refuses keys that are not its own, and puts whole objects', async (t) => {
  const folder = await makeFolder(t)
  const storage = createFolderStorage(folder)
  for (const key of ['../x', '/etc/passwd', 'a/../../x', 'a//b', 'a\0', '', '.', 'A b']) {
    await assert.rejects(storage.read(key), /not a storage key/, key)
  }
  await storage.put('7/index.ndjson', Buffer.from('a\n'))
  await storage.put('7/index.ndjson', Buffer.from('b'))
  assert.equal((await storage.read('7/index.ndjson'))?.toString(), 'b')
  assert.equal(await storage.read('7/none'), null)
  assert.ok(((await storage.freeBytes()) ?? 0) > 0)
})
