import { type Figure, figure } from '../figures.ts'
import { type Child, LOAD_CORE, nowUs } from '../rooms/child-link.ts'
import { processorS } from '../rooms/processor.ts'
import { pause, percent, type RoomStage } from '../rooms/stage.ts'
import type { CrowdFigures, CrowdPlan } from './crowd.ts'
import { FILE_PARTS } from './file-crowd.ts'
import { drawLoadClip, INGEST_BITS } from './load-clip.ts'
import { type Media, openMedia } from './media-under-test.ts'
import { hasNginx, startFileNginx } from './peer-nginx.ts'
import { nextPart } from './pieces.ts'

const MEDIA_PORT = 4561
const NGINX_PORT = 4562
const CHUNK_MS = 2_000 / 30
const PART_MS = 200
/** The first look, from which the limit is guessed. */
const GUESS_FROM = 500
/** Sockets of a process on many machines, less what it needs itself. */
const VIEWERS_MAX = 8_000
/** From one count to the next that is tried. */
const STEP = 0.06
const SETTLE_MS = 3_000
const SECONDS = 6
/** Of a hundred pieces, 99 must be there by then: three parts, which is as far as a player of low-latency HLS stays behind. */
const LAG_MS_MAX = 600
const LOOKS_MAX = 14
/** A crowd that comes in all at once takes gigabytes of the kernel for what newcomers are given to begin with. */
const GROWTH_MAX = 2.5
const IDLE_BELOW = 0.6
/** Whoever falls behind more and more gets less than this share of what is due. */
const DELIVERED_MIN = 0.97

interface Kind {
  readonly name: string
  readonly plan: CrowdPlan
  /** Process that serves. */
  readonly pid: number
}

interface Look {
  readonly seen: CrowdFigures
  readonly serverShare: number
  readonly isHeld: boolean
}

/** So many viewers, looked at for a few seconds. */
async function lookAt(load: Child, kind: Kind, count: number): Promise<Look> {
  const areIn = await load.ask<boolean>('growTo', { count })
  await pause(SETTLE_MS)
  await load.ask('mark')
  const [usedS, startUs] = [processorS(kind.pid), nowUs()]
  await pause(SECONDS * 1000)
  const seen = await load.ask<CrowdFigures>('figures')
  const serverShare = ((processorS(kind.pid) - usedS) / (nowUs() - startUs)) * 1e6
  const duePerViewer = seen.due / Math.max(1, seen.viewers)
  const isHeld =
    areIn &&
    seen.missed === 0 &&
    seen.gone === 0 &&
    seen.p99Ms <= LAG_MS_MAX &&
    // One piece may be on its way at the beginning, and another at the end.
    seen.deliveredMin >= duePerViewer * DELIVERED_MIN - 1
  return { seen, serverShare, isHeld }
}

interface Most {
  /** The most viewers that all got everything in time. */
  readonly count: number
  /** Viewers whose pieces one second of processor time pays for, in the fullest look. */
  readonly byProcessor: number
}

/** From a first guess upwards in steps until it breaks. */
async function mostViewers(stage: RoomStage, kind: Kind): Promise<Most> {
  const load = await stage.open('../video/load-client.ts', LOAD_CORE)
  await load.ask('stayAwake')
  await load.ask('open', kind.plan)
  let most: Most = { count: 0, byProcessor: 0 }
  let [count, again] = [GUESS_FROM, 0]
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const { seen, serverShare, isHeld } = await lookAt(load, kind, count)
    const byProcessor = (seen.delivered * kind.plan.periodMs) / 1000 / SECONDS / serverShare
    stage.say(
      `  ${kind.name}: ${count} viewers ${isHeld ? 'hold' : 'do not hold'}: p99 ${seen.p99Ms} ms late, ${seen.delivered} of ${seen.due} pieces, ` +
        `${seen.missed} left out, ${seen.gone} gone, ${((seen.bytes * 8) / SECONDS / count / 1e6).toFixed(2)} Mbit/s each, ` +
        `server ${percent(serverShare)} and load ${percent(seen.loadShare)} of their cores, ${byProcessor.toFixed(0)} by processor time`,
    )
    if (isHeld) most = { count, byProcessor }
    if (seen.delivered === 0) break
    // With most of the core idle it was a neighbour of this machine.
    if (!isHeld && serverShare < IDLE_BELOW && again < 2) {
      again += 1
      continue
    }
    const next = nextCount(count, most.count, serverShare, isHeld)
    if (next === null || next > VIEWERS_MAX) break
    if (next < count) await load.ask('shrinkTo', { count: next })
    count = next
  }
  await load.ask('leave')
  await load.close()
  return most
}

/**
 * The first count is far from the limit, so the processor tells where to go on; from there it goes up by steps. After one that was too many it
 * goes to the middle between that and the most that held, until there is no step between them.
 */
function nextCount(count: number, most: number, serverShare: number, isHeld: boolean): number | null {
  const rounded = (viewers: number) => Math.round(viewers / 50) * 50
  if (isHeld) return rounded(serverShare < 0.7 ? count * Math.min(GROWTH_MAX, 0.85 / serverShare) : count * (1 + STEP))
  return count - most > 2 * STEP * count ? rounded((most + count) / 2) : null
}

/** Playlist and newest parts of the room, as files. */
async function keepFiles({ httpPort }: Media): Promise<Map<string, Buffer>> {
  const base = `http://127.0.0.1:${httpPort}/media/1/`
  const fetched = async (name: string) => {
    const answer = await fetch(base + name)
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`)
    return Buffer.from(await answer.arrayBuffer())
  }
  const playlist = await fetched('live.m3u8')
  const next = nextPart(playlist)
  if (!next) throw new Error('the playlist names no part')
  const files = new Map([['live.m3u8', playlist]])
  for (let part = 0; part < FILE_PARTS; part += 1) {
    const msn = next.msn - 1 - Math.floor(part / 10)
    files.set(`part-${part}.m4s`, await fetched(`part-${msn}.${part % 10}.m4s`))
  }
  return files
}

/** Viewers of one stream on one core: by sockets, by low-latency HLS, and of nginx with the same parts and playlist as files. */
export async function viewerFigures(stage: RoomStage): Promise<Figure[]> {
  const clip = await drawLoadClip(stage)
  const media = await openMedia(stage, MEDIA_PORT)
  const publishers = await stage.open('../video/publish-client.ts', LOAD_CORE)
  await publishers.ask('publish', { port: media.rtmpPort, rooms: [1], clipPath: clip.path, clipMs: clip.ms })
  await pause(12_000)
  const path = '/media/1'
  const kinds: Kind[] = [
    {
      name: 'sockets',
      plan: { kind: 'socket', port: media.httpPort, path, periodMs: CHUNK_MS, network: 11 },
      pid: media.pid,
    },
    {
      name: 'LL-HLS',
      plan: { kind: 'parts', port: media.httpPort, path, periodMs: PART_MS, network: 12 },
      pid: media.pid,
    },
  ]
  if (hasNginx()) {
    const nginx = await startFileNginx(NGINX_PORT, await keepFiles(media))
    stage.atEnd(nginx.stop)
    const plan: CrowdPlan = { kind: 'files', port: NGINX_PORT, path: '', periodMs: PART_MS, network: 13 }
    kinds.push({ name: 'nginx', plan, pid: nginx.workerPid })
  } else stage.say('nginx is not on this machine (apt-get install nginx-light): ratio_to_nginx is left out')
  const found = new Map<string, Most[]>(kinds.map(({ name }) => [name, []]))
  for (let round = 1; round <= stage.rounds; round += 1) {
    stage.say(`round ${round}, ${INGEST_BITS / 1e6} Mbit/s to each:`)
    for (const kind of kinds) found.get(kind.name)?.push(await mostViewers(stage, kind))
  }
  const counts = (name: string) => (found.get(name) ?? []).map(({ count }) => count)
  const byProcessor = (name: string) => (found.get(name) ?? []).map((most) => most.byProcessor)
  // By processor time: how many hold also depends on the load, which asks nginx for more than it can count.
  const ratio = (name: string) =>
    byProcessor(name).map((viewers, round) => viewers / (byProcessor('nginx')[round] ?? Number.NaN))
  return [
    figure('ws_viewers_per_core', 'viewers', counts('sockets')),
    figure('ws_viewers_by_processor', 'viewers', byProcessor('sockets')),
    figure('llhls_viewers_per_core', 'viewers', counts('LL-HLS')),
    figure('llhls_viewers_by_processor', 'viewers', byProcessor('LL-HLS')),
    ...(found.has('nginx')
      ? [
          figure('nginx_viewers_per_core', 'viewers', counts('nginx')),
          figure('nginx_viewers_by_processor', 'viewers', byProcessor('nginx')),
          figure('ratio_to_nginx', 'ratio', ratio('LL-HLS')),
          figure('ws_ratio_to_nginx', 'ratio', ratio('sockets')),
        ]
      : []),
  ]
}
