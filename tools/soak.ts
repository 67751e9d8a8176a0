/**
 * `npm run soak -- [--hours 3] [--cycles 1000]`: a long show in simulated time through the real hub, recorded to a folder and watched, and
 * then many short ones, as fast as the machine goes. Prints what memory does, and ends with 1 when it grows.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createLiveHub, createMediaHandler, type IngestSink, type LiveHub } from '@chunbo/live-media'
import { clip } from '@chunbo/live-media/testing/clips'
import { feed } from '@chunbo/live-media/testing/feed'
import { createFolderStorage } from '@chunbo/live-media/testing/folder-storage'

const ROUND_MS = 10_000
const SAMPLES = 18
const GROWTH_MB_MAX = 8
const ROOM = 1

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

interface Memory {
  heapMb: number
  buffersMb: number
  rssMb: number
}

function memory(): Memory {
  // Buffers are let go by finalizers, which run after a first collection.
  collect()
  collect()
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  const [heapMb = 0, buffersMb = 0, rssMb = 0] = [heapUsed, arrayBuffers, rss].map((bytes) => bytes / 2 ** 20)
  return { heapMb, buffersMb, rssMb }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function sayMemory(what: string, { heapMb, buffersMb, rssMb }: Memory): void {
  say(`${what}: heap ${heapMb.toFixed(1)} MB, buffers ${buffersMb.toFixed(1)} MB, process ${rssMb.toFixed(0)} MB`)
}

/** The first quarter warms the compiler up and fills the windows. */
function growthOf(samples: readonly Memory[]): number {
  const warm = samples.slice(Math.ceil(samples.length / 4))
  const [first, last] = [warm[0], warm.at(-1)]
  return first && last ? last.heapMb + last.buffersMb - first.heapMb - first.buffersMb : 0
}

async function open(hub: LiveHub): Promise<IngestSink> {
  const answer = await hub.openIngest({ roomId: ROOM, protocol: 'rtmp', onEvicted: () => {} })
  if (answer.kind === 'refused') throw new Error(answer.refusal.en)
  return answer.sink
}

async function longShow(hours: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-soak-'))
  const storage = createFolderStorage(folder)
  let nowMs = Date.now()
  let stored = 0
  let chunks = 0
  const hub = createLiveHub({ storage, now: () => nowMs, onStored: () => stored++ })
  const handle = createMediaHandler({ hub, storage })
  const tags = await clip({ seconds: ROUND_MS / 1000, size: '320x180' })
  const sink = await open(hub)
  const rounds = (hours * 3_600_000) / ROUND_MS
  const samples: Memory[] = []
  hub.stream(ROOM)?.onChunk(() => chunks++)
  for (let round = 1; round <= rounds; round++) {
    const storedBefore = stored
    feed(sink, tags, (round - 1) * ROUND_MS)
    nowMs += ROUND_MS
    await handle({ roomId: ROOM, path: 'live.m3u8', query: new URLSearchParams() })
    // The storage keeps up with a real show; here it is waited for.
    while (stored < storedBefore + 4) await new Promise((resolve) => setTimeout(resolve, 1))
    if (round % Math.ceil(rounds / SAMPLES) === 0) {
      samples.push(memory())
      sayMemory(`${((round * ROUND_MS) / 60_000).toFixed(0)} min`, samples.at(-1) ?? memory())
    }
  }
  const health = hub.stream(ROOM)?.health()
  sink.end('stopped')
  await hub.close()
  await rm(folder, { recursive: true })
  say(`${health?.frames} frames, ${chunks} chunks, ${stored} segments recorded, ${health?.clockJumps} clock jumps`)
  return growthOf(samples)
}

async function startStop(cycles: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-soak-'))
  const hub = createLiveHub({ storage: createFolderStorage(folder), limits: { lingerMs: 1 } })
  const tags = await clip({ seconds: 2, size: '320x180' })
  const samples: Memory[] = []
  for (let cycle = 1; cycle <= cycles; cycle++) {
    const sink = await open(hub)
    feed(sink, tags)
    sink.end('stopped')
    // Every tenth publish is the last one of its show.
    if (cycle % 10 === 0) await hub.endStream(ROOM)
    if (cycle % Math.ceil(cycles / SAMPLES) === 0) {
      samples.push(memory())
      sayMemory(`${cycle} starts and stops`, samples.at(-1) ?? memory())
    }
  }
  await hub.close()
  await rm(folder, { recursive: true })
  return growthOf(samples)
}

const { values } = parseArgs({ options: { hours: { type: 'string' }, cycles: { type: 'string' } } })
const [hours, cycles] = [Number(values.hours ?? 3), Number(values.cycles ?? 1_000)]
if (!(hours > 0 && hours <= 48) || !Number.isInteger(cycles) || cycles < 1) {
  say('用法 / usage: npm run soak -- [--hours N] [--cycles N]')
  process.exit(2)
}
const startedMs = performance.now()
const showMb = await longShow(hours)
const cyclesMb = await startStop(cycles)
say(`growth over ${hours} h: ${showMb.toFixed(1)} MB; over ${cycles} starts and stops: ${cyclesMb.toFixed(1)} MB`)
say(`${((performance.now() - startedMs) / 1000).toFixed(0)} s`)
if (Math.max(showMb, cyclesMb) > GROWTH_MB_MAX) {
  say('内存在增长 / memory grows')
  process.exit(1)
}
