import { type Figure, figure } from '../figures.ts'
import { type Child, LOAD_CORE, nowUs } from '../rooms/child-link.ts'
import { processorS } from '../rooms/processor.ts'
import { pause, percent, type RoomStage } from '../rooms/stage.ts'
import type { CrowdFigures } from './crowd.ts'
import { drawLoadClip, type LoadClip } from './load-clip.ts'
import { type Media, openMedia } from './media-under-test.ts'
import { recordedPictures } from './recorded.ts'

const PORT = 4560
const FEW = 10
const MANY = 40
const SETTLE_S = 3
const SECONDS = 12
/** Counts that are tried on one core, upwards; 120 is the bound. */
const TRIED = [60, 90, 120]
/** Later than this is late: a player of low-latency HLS is that far behind. */
const LAG_MS_MAX = 600

interface Publishers {
  readonly media: Media
  readonly publishers: Child
  readonly watcher: Child
}

const roomsFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

async function open(stage: RoomStage): Promise<Publishers> {
  const media = await openMedia(stage, PORT)
  const [publishers, watcher] = await Promise.all([
    stage.open('../video/publish-client.ts', LOAD_CORE),
    stage.open('../video/load-client.ts', LOAD_CORE),
  ])
  return { media, publishers, watcher }
}

async function closeAll({ media, publishers, watcher }: Publishers): Promise<void> {
  await Promise.all([publishers.close(), watcher.close()])
  await media.stop()
}

const publish = ({ media, publishers }: Publishers, clip: LoadClip, rooms: readonly number[]) =>
  publishers.ask('publish', { port: media.rtmpPort, rooms, clipPath: clip.path, clipMs: clip.ms })

/** Share of a core that the media process takes for a while. */
async function shareOf({ pid }: Media): Promise<number> {
  await pause(SETTLE_S * 1000)
  const [usedS, startUs] = [processorS(pid), nowUs()]
  await pause(SECONDS * 1000)
  return ((processorS(pid) - usedS) / (nowUs() - startUs)) * 1e6
}

/** What each further publisher costs: the slope between 10 and 40 that publish and are recorded at the same time. */
async function slope(stage: RoomStage, clip: LoadClip): Promise<number> {
  const all = await open(stage)
  await publish(all, clip, roomsFrom(1, FEW))
  const few = await shareOf(all.media)
  await publish(all, clip, roomsFrom(1 + FEW, MANY - FEW))
  const many = await shareOf(all.media)
  await closeAll(all)
  stage.say(
    `  ${FEW} ingests take ${(few * 100).toFixed(1)} % of a core, ${MANY} take ${(many * 100).toFixed(1)} %: ` +
      `${(((many - few) / (MANY - FEW)) * 100).toFixed(2)} % each`,
  )
  return (many - few) / (MANY - FEW)
}

/** Whether so many publishers at once are all recorded without a picture less, and watched without falling behind. */
async function holds(stage: RoomStage, clip: LoadClip, count: number): Promise<boolean> {
  const all = await open(stage)
  const { media, publishers, watcher } = all
  const rooms = roomsFrom(1, count)
  await publish(all, clip, rooms)
  const plan = { kind: 'parts', port: media.httpPort, path: `/media/${count}`, periodMs: 200, network: 8 }
  await watcher.ask('open', plan)
  await watcher.ask('growTo', { count: 1 })
  await watcher.ask('mark')
  await publishers.ask('late')
  const share = await shareOf(media)
  const { p99Ms, missed } = await watcher.ask<CrowdFigures>('figures')
  const { lateMsMax } = await publishers.ask<{ lateMsMax: number }>('late')
  const sent = await publishers.ask<{ roomId: number; frames: number }[]>('stop')
  // The last segment is stored when the publisher is gone.
  await pause(2_000)
  let [pictures, recorded] = [0, 0]
  for (const { roomId, frames } of sent) {
    pictures += frames
    recorded += await recordedPictures(media.httpPort, roomId)
  }
  await closeAll(all)
  const isHeld = recorded === pictures && p99Ms <= LAG_MS_MAX && missed === 0
  stage.say(
    `  ${count} ingests on one core: ${recorded} of ${pictures} pictures recorded, ${percent(share)} of the core, a viewer's parts ` +
      `p99 ${p99Ms.toFixed(0)} ms late; publishers at most ${lateMsMax.toFixed(0)} ms late: ${isHeld ? 'held' : 'not held'}`,
  )
  return isHeld
}

/** The largest count that holds; tried downwards from where the run before got to. */
async function mostHeld(stage: RoomStage, clip: LoadClip, from: number | null): Promise<number> {
  if (from === null) {
    let most = 0
    for (const count of TRIED) {
      if (!(await holds(stage, clip, count))) break
      most = count
    }
    return most
  }
  for (const count of TRIED.filter((each) => each <= from).reverse()) {
    if (await holds(stage, clip, count)) return count
  }
  return 0
}

export async function ingestFigures(stage: RoomStage): Promise<Figure[]> {
  const clip = await drawLoadClip(stage)
  const slopes: number[] = []
  const counts: number[] = []
  for (let round = 1; round <= stage.rounds; round += 1) {
    stage.say(`round ${round}:`)
    slopes.push(await slope(stage, clip))
    counts.push(await mostHeld(stage, clip, counts.at(-1) ?? null))
  }
  return [figure('core_share_per_ingest', 'share', slopes), figure('ingests_one_core', 'ingests', counts)]
}
