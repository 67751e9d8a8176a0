import { type Figure, figure } from '../figures.ts'
import type { CrowdFigures } from './crowd.ts'
import {
  crowdOf,
  openPair,
  type Pair,
  pause,
  percent,
  type RoomStage,
  SILENCE,
  TALK,
  TICKS_PER_S,
  talkFor,
  type Usage,
} from './stage.ts'

const PORT = 4550
const SECONDS = 6
/** How late a line may come before it counts as lost. */
const HEARD_MS_MAX = 10_000
/** Lines of chat a second, and characters in each. */
const CHAT = { perS: 200, chars: 24, seconds: 5 } as const

/**
 * One room with everybody in it: delivery, processor and memory at five frames a second, chat, and how long all need to come
 * back when they were thrown out.
 */
export async function bigRoomFigures(stage: RoomStage, wanted: (part: string) => boolean): Promise<Figure[]> {
  const { viewers, say } = stage
  const pair = await openPair(stage, PORT)
  const { server, load } = pair
  // Whatever the first viewers bring into memory for all is not the cost of a viewer.
  await load.ask('enter', { name: 'first', plan: crowdOf(50, PORT, { path: '/api/rooms/2/socket' }) })
  await load.ask('leave', { name: 'first' })
  const empty = await server.ask<Usage>('usage', { exact: true })
  const name = 'all'
  const plan = crowdOf(viewers, PORT, { path: '/api/rooms/1/socket?u={user}', comesBack: true, deflates: true })
  const { tookS } = await load.ask<{ tookS: number }>('enter', { name, plan })
  say(`${viewers} viewers came in within ${tookS.toFixed(1)} s`)
  const figures: Figure[] = []
  if (wanted('p99')) figures.push(...(await deliveryFigures(stage, pair, name, empty)))
  if (wanted('chat')) figures.push(await chatFigure(stage, pair, name))
  if (wanted('storm')) figures.push(await stormFigure(stage, pair, name))
  await Promise.all([server.close(), load.close()])
  return figures
}

async function deliveryFigures(stage: RoomStage, pair: Pair, name: string, empty: Usage): Promise<Figure[]> {
  const { viewers, say } = stage
  const p99s: number[] = []
  const shares: number[] = []
  const memory: number[] = []
  for (let round = 1; round <= stage.rounds; round += 1) {
    const { seen, coreShare, ticks } = await talkFor(pair, name, SECONDS)
    const { rss, heapUsed } = await pair.server.ask<Usage>('usage', { exact: true })
    const used = (heapUsed - empty.heapUsed) / viewers / 1024
    p99s.push(seen.p99Ms)
    shares.push(coreShare)
    memory.push((rss - empty.rss) / viewers / 1024)
    say(
      `round ${round}: p50 ${seen.p50Ms.toFixed(0)} ms, p99 ${seen.p99Ms.toFixed(0)} ms, ${percent(coreShare)} of a core, ` +
        `${(seen.bytes / Math.max(1, seen.frames)).toFixed(0)} bytes a frame, ${seen.frames} of ${ticks * viewers} deliveries, ` +
        `${memory.at(-1)?.toFixed(1)} KB a viewer, ${used.toFixed(1)} KB of it used heap, load ${percent(seen.loadShare)} of its core`,
    )
  }
  say(
    '  limited by: one system call a viewer and frame; p99 is the time to write a frame to everybody, the last ones get it last',
  )
  return [
    figure('p99_ms_10k', 'ms', p99s),
    figure('core_share_10k', 'share', shares),
    figure('kb_per_viewer', 'KB', memory),
  ]
}

async function chatFigure(stage: RoomStage, { load }: Pair, name: string): Promise<Figure> {
  const p99s: number[] = []
  for (let round = 1; round <= stage.rounds; round += 1) {
    await load.ask('mark', { name })
    const { said } = await load.ask<{ said: number }>('chat', { name, ...CHAT })
    const listeners = Math.floor(stage.viewers / 20)
    let seen = await load.ask<CrowdFigures>('figures', { name })
    const isMissing = () => seen.accepted + seen.refused < said || seen.samples < seen.accepted * listeners
    for (let waitedMs = 0; isMissing() && waitedMs < HEARD_MS_MAX; waitedMs += 500) {
      await pause(500)
      seen = await load.ask<CrowdFigures>('figures', { name })
    }
    p99s.push(seen.p99Ms)
    stage.say(
      `round ${round}: ${said} lines at ${CHAT.perS}/s, ${seen.refused} refused as too many at once, ${seen.samples} of ${seen.accepted * listeners} heard by ${listeners} listeners, ` +
        `p50 ${seen.p50Ms.toFixed(0)} ms, p99 ${seen.p99Ms.toFixed(0)} ms, ${seen.caughtUp} snapshots, load ${percent(seen.loadShare)} of its core`,
    )
    if (isMissing()) throw new Error('not everybody got every line of chat')
    await pause(3000)
  }
  stage.say(
    `  limited by: the tick of ${1000 / TICKS_PER_S} ms that a line waits for, then by writing the longer frame to everybody`,
  )
  return figure('chat_p99_ms', 'ms', p99s)
}

async function stormFigure(stage: RoomStage, { server, load }: Pair, name: string): Promise<Figure> {
  const times: number[] = []
  for (let round = 1; round <= stage.rounds; round += 1) {
    await server.ask('talk', TALK)
    await pause(1000)
    const back = load.ask<{ tookS: number }>('comeAnew', { name })
    await server.ask('throwOut')
    const { tookS } = await back
    await server.ask('talk', SILENCE)
    times.push(tookS)
    stage.say(`round ${round}: ${stage.viewers} thrown out at once are back with state after ${tookS.toFixed(1)} s`)
    // The limit of joins by address fills up again.
    await pause(2000)
  }
  stage.say(
    '  limited by: the HTTP upgrade and its objects, and the first second of jitter that the clients keep by contract',
  )
  return figure('storm_s', 's', times)
}
