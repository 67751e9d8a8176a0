import { readFileSync } from 'node:fs'
import { type Figure, figure } from '../figures.ts'
import { crowdOf, openPair, type Pair, type RoomStage, type Talked, talkFor, type Usage } from './stage.ts'

const PORT = 4557
const OTHERS = 400
const STALLED = 100
/** Long lines up to the most that a room lets through, 250 KB/s for each viewer, so that what the kernel keeps for them fills up. */
const TALK = { lines: 80, chars: 150 } as const
const WITHOUT_S = 6
/** Longer than a reader may be behind. */
const BESIDE_S = 20
const MB = 1024 * 1024

/** The most memory that the server has while it talks, each time after a collection. */
async function talkAndWeigh(
  pair: Pair,
  seconds: number,
): Promise<{ talked: Talked; rssMax: number; kernelMax: number }> {
  let [rssMax, kernelMax, talking] = [0, 0, true]
  async function weigh(): Promise<void> {
    while (talking) {
      const { rss } = await pair.server.ask<Usage>('usage', { exact: true })
      rssMax = Math.max(rssMax, rss)
      kernelMax = Math.max(kernelMax, unsentInKernel())
      await new Promise((resolve) => setTimeout(resolve, 700))
    }
  }
  const weighing = weigh()
  const talked = await talkFor(pair, 'others', seconds, TALK)
  talking = false
  await weighing
  return { talked, rssMax, kernelMax }
}

/** Bytes that the kernel keeps for sockets of the server whose readers do not take them. */
function unsentInKernel(): number {
  const port = PORT.toString(16).toUpperCase().padStart(4, '0')
  let bytes = 0
  for (const line of readFileSync('/proc/net/tcp', 'latin1').split('\n')) {
    const [, local = '', , , queues = ''] = line.trim().split(/\s+/)
    if (local.endsWith(`:${port}`)) bytes += Number.parseInt(queues, 16)
  }
  return bytes
}

/** What 100 viewers cost who stop reading in the middle of much talk, and what the others feel of it. */
export async function stalledFigures(stage: RoomStage): Promise<Figure[]> {
  const { say } = stage
  const pair = await openPair(stage, PORT)
  const path = '/api/rooms/1/socket'
  await pair.load.ask('enter', { name: 'others', plan: crowdOf(OTHERS, PORT, { path, sampleEvery: 4 }) })
  const cost: number[] = []
  const delays: number[] = []
  for (let round = 1; round <= stage.rounds; round += 1) {
    await pair.load.ask('enter', { name: 'stalled', plan: crowdOf(STALLED, PORT, { path }) })
    const without = await talkAndWeigh(pair, WITHOUT_S)
    await pair.load.ask('stall', { name: 'stalled', count: STALLED })
    const beside = await talkAndWeigh(pair, BESIDE_S)
    const { sockets } = await pair.server.ask<Usage>('usage')
    await pair.load.ask('leave', { name: 'stalled' })
    cost.push(Math.max(0, beside.rssMax - without.rssMax) / MB)
    delays.push(beside.talked.seen.p99Ms / without.talked.seen.p99Ms)
    say(
      `round ${round}: ${cost.at(-1)?.toFixed(1)} MB more, and ${((beside.kernelMax - without.kernelMax) / MB).toFixed(1)} MB in the kernel's buffers; ` +
        `p99 of the others ${without.talked.seen.p99Ms.toFixed(0)} ms before and ${beside.talked.seen.p99Ms.toFixed(0)} ms beside them; ` +
        `${OTHERS + STALLED - sockets} of them put out after ${BESIDE_S} s`,
    )
  }
  say('  limited by: what a room lets a slow reader be behind; the frames in it are shared by all who are behind')
  await Promise.all([pair.server.close(), pair.load.close()])
  return [figure('stalled_mb', 'MB', cost), figure('stalled_p99_ratio', 'ratio', delays)]
}
