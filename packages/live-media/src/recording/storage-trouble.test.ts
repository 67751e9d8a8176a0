import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createLiveHub, type LiveHub } from '../live-hub.ts'
import { clip } from '../testing/clips.ts'
import { feed } from '../testing/feed.ts'
import { createFolderStorage } from '../testing/folder-storage.ts'
import { until } from '../testing/until.ts'
import { readIndex } from './index-parts.ts'
import type { MediaStorage } from './media-storage.ts'
import type { RecordingState } from './recording.ts'

const segmentMs = 2_000

interface Trouble {
  storage: MediaStorage
  /** Writes beyond this fail as on a full disk; reading fails while it is null. */
  room: { bytes: number | null; freeBytes: number }
}

/** A real folder on a disk whose size can be set. */
async function troubledStorage(t: TestContext): Promise<Trouble> {
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-trouble-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const inner = createFolderStorage(folder)
  const room: Trouble['room'] = { bytes: Number.POSITIVE_INFINITY, freeBytes: 10_000_000 }
  return {
    room,
    storage: {
      async put(key, bytes) {
        if (room.bytes === null) throw new Error('the store is away')
        if (bytes.length > room.bytes) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
        await inner.put(key, bytes)
      },
      read(key) {
        if (room.bytes === null) throw new Error('the store is away')
        return inner.read(key)
      },
      freeBytes: async () => room.freeBytes,
    },
  }
}

/** A show that goes on while the test changes the disk: each step publishes 2 s and waits for the recorder. */
async function openShow(storage: MediaStorage, freeBytesMin = 0) {
  let nowMs = 1_796_000_000_000
  let settled = 0
  const count = () => {
    settled += 1
  }
  const hub = createLiveHub({ storage, freeBytesMin, now: () => nowMs, onStored: count })
  hub.events.on('recording.failed', count)
  const states: [RecordingState, number][] = []
  hub.events.on('recording.changed', ({ state, lostSegments }) => states.push([state, lostSegments]))
  const tags = await clip({ seconds: 2, size: '160x90', rate: 15 })
  const answer = await hub.openIngest({ roomId: 1, protocol: 'rtmp', onEvicted: () => {} })
  assert.equal(answer.kind, 'opened')
  let steps = 0
  return {
    hub,
    states,
    async step() {
      feed(answer.sink, tags, steps * segmentMs)
      steps += 1
      nowMs += segmentMs
      // The segment before is whole when this one begins.
      await until('the recorder has dealt with it', () => settled >= steps - 1)
    },
    stop: () => hub.close(),
  }
}

const recorded = async (storage: MediaStorage) =>
  (await readIndex(storage, 1)).segments.map(({ seq, gap }) => [seq, gap ?? ''])

/** All parts of the live playlist are there, whatever became of the recording. */
function assertOnAir(hub: LiveHub): void {
  const health = hub.stream(1)?.health()
  assert.equal(health?.state, 'publishing')
  assert.equal(health?.droppedFrames, 0)
}

test('a full disk stops the recording with a word and not the show, and it goes on when there is room', async (t) => {
  const { storage, room } = await troubledStorage(t)
  const show = await openShow(storage)
  await show.step()
  await show.step()
  room.bytes = 0
  for (let step = 0; step < 3; step++) await show.step()
  assertOnAir(show.hub)
  assert.equal(show.hub.stream(1)?.health().recording?.state, 'full')
  room.bytes = Number.POSITIVE_INFINITY
  // After a disk has said that it is full it is left alone for a while.
  for (let step = 0; step < 5; step++) await show.step()
  assertOnAir(show.hub)
  await show.stop()
  const segments = await recorded(storage)
  const lost = show.states.at(-1)?.[1] ?? 0
  assert.deepEqual(
    show.states.map(([state]) => state),
    ['full', 'on'],
  )
  assert.deepEqual(segments.slice(0, 2), [
    [0, ''],
    [1 + lost, 'full'],
  ])
  assert.equal(segments.length, 10 - lost)
})

test('below the floor of free space nothing is written, and a little above it does not flutter', async (t) => {
  const { storage, room } = await troubledStorage(t)
  const show = await openShow(storage, 1_000_000)
  await show.step()
  await show.step()
  room.freeBytes = 999_999
  await show.step()
  await show.step()
  room.freeBytes = 1_050_000
  await show.step()
  await show.step()
  assert.deepEqual(
    show.states.map(([state]) => state),
    ['full'],
  )
  room.freeBytes = 1_200_000
  await show.step()
  await show.step()
  await show.stop()
  assert.deepEqual(
    show.states.map(([state]) => state),
    ['full', 'on'],
  )
  const gaps = (await recorded(storage)).filter(([, gap]) => gap !== '')
  assert.equal(gaps.length, 1)
})

test('a storage that is away when a show begins keeps nobody off the air, and is recorded to when it is back', async (t) => {
  const { storage, room } = await troubledStorage(t)
  const before = await openShow(storage)
  await before.step()
  await before.step()
  await before.stop()
  room.bytes = null
  const show = await openShow(storage)
  for (let step = 0; step < 3; step++) await show.step()
  assertOnAir(show.hub)
  assert.equal(show.hub.stream(1)?.health().recording?.state, 'failing')
  room.bytes = Number.POSITIVE_INFINITY
  await show.step()
  await show.stop()
  const third = await openShow(storage)
  await third.step()
  await third.stop()
  const segments = await recorded(storage)
  assert.deepEqual(segments.slice(0, 2), [
    [0, ''],
    [1, ''],
  ])
  assert.equal(segments[2]?.[1], 'failing')
  assert.equal(segments.at(-1)?.[1], 'restart')
  assert.ok(segments.every(([seq], index) => index === 0 || Number(seq) > Number(segments[index - 1]?.[0])))
})

test('an index that cannot be written for a while loses no segment', async (t) => {
  const { storage } = await troubledStorage(t)
  let failing = false
  const picky: MediaStorage = {
    ...storage,
    async put(key, bytes) {
      if (failing && key.endsWith('.ndjson')) throw new Error('no')
      await storage.put(key, bytes)
    },
  }
  const show = await openShow(picky)
  const changed = once(show.hub.events, 'stream.ended')
  for (let step = 0; step < 6; step++) {
    failing = step === 2 || step === 3
    await show.step()
  }
  await show.stop()
  await changed
  assert.deepEqual(
    await recorded(storage),
    [0, 1, 2, 3, 4, 5].map((seq) => [seq, '']),
  )
  assert.deepEqual(show.states, [])
})
