import type { ReplaySegment, ReplaySegments, SkuSegments } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { EveningContext } from './context.ts'
import { readShow } from './evening-room.ts'
import { findAllCards, timeOnAir } from './read-report.ts'
import { gridOf } from './read-steps.ts'
import { createReplayClock } from './replay-clock.ts'
import { readRoomLines } from './room-lines.ts'

/** A shorter one is a slip of the hand, not an explanation. */
const LENGTH_MIN_S = 5
const SHOWS_MAX = 3
/** The product is in the picture a moment after it was pinned. */
const POSTER_MS = 3_000

/**
 * The product segments (看讲解) of a show in the order of its replay, with the goods as they are now; those that are no longer listed are
 * left out. @throws Refusal evening.room_not_found, also for a rehearsal
 */
export async function readSegments(context: EveningContext, roomId: number): Promise<ReplaySegments> {
  const { db, clock } = context.platform
  const show = await readShow(db, roomId)
  if (show.room.practice) throw new Refusal('evening.room_not_found')
  if (show.startedAt === null) return { items: [], lengthS: 0 }
  const now = clock.now()
  const onAir = timeOnAir(show, now)
  const spans = await context.live.recorded(roomId)
  if (spans.length === 0) return { items: [], lengthS: 0 }
  const replay = createReplayClock(spans)
  const { pins } = await readRoomLines(db, roomId, onAir, gridOf(onAir.from, onAir.until))
  const cards = await findAllCards(
    context,
    pins.map(({ skuId }) => skuId),
  )
  const items = pins.flatMap((pin): ReplaySegment[] => {
    const sku = cards.get(pin.skuId)
    const fromS = replay.secondOf(Date.parse(pin.from))
    const toS = replay.secondOf(pin.until ? Date.parse(pin.until) : now.getTime())
    if (!sku || toS - fromS < LENGTH_MIN_S) return []
    const from = new Date(pin.from)
    const media = mediaOf(roomId, from, pin.until ? new Date(pin.until) : now)
    return [{ id: pin.id, from: from.toISOString(), ...media, fromS, toS, packs: pin.sold.packs, sku }]
  })
  return { items, lengthS: replay.lengthS }
}

/** The newest shows in which this SKU was explained, with its longest segment in each that has been recorded. */
export async function readSkuSegments(
  context: Pick<EveningContext, 'platform' | 'live'>,
  skuId: number,
): Promise<SkuSegments> {
  const pins = await context.platform.db.query<SkuPin>(
    `select distinct on (r.ended_at, r.id) p.id, r.id as "roomId", r.title_zh as "titleZh", r.title_en as "titleEn",
       r.host_name as "hostName", p.pinned_at as "from", p.unpinned_at as "until"
     from skus k join room_pins p on p.shop_id = k.shop_id and p.sku_id = k.id join rooms r on r.id = p.room_id
     where k.id = $1 and r.status = 'ended' and not r.practice
       and p.unpinned_at >= p.pinned_at + make_interval(secs => ${LENGTH_MIN_S})
     order by r.ended_at desc, r.id, p.unpinned_at - p.pinned_at desc limit ${SHOWS_MAX}`,
    [skuId],
    'evening-sku-segments',
  )
  const items = await Promise.all(
    pins.map(async ({ from, until, ...pin }) => {
      const replay = createReplayClock(await context.live.recorded(pin.roomId))
      const lengthS = replay.secondOf(until.getTime()) - replay.secondOf(from.getTime())
      return lengthS < LENGTH_MIN_S
        ? []
        : [{ ...pin, from: from.toISOString(), ...mediaOf(pin.roomId, from, until), lengthS }]
    }),
  )
  return { items: items.flat() }
}

/** Where a segment plays by itself, and where its poster is: see docs/recordings.md. */
function mediaOf(roomId: number, from: Date, until: Date): { play: string; poster: string } {
  const media = `/media/${roomId}`
  return {
    play: `${media}/replay.m3u8?from=${from.getTime()}&to=${until.getTime()}`,
    poster: `${media}/poster.jpg?at=${from.getTime() + POSTER_MS}`,
  }
}

interface SkuPin {
  readonly id: number
  readonly roomId: number
  readonly titleZh: string
  readonly titleEn: string
  readonly hostName: string
  readonly from: Date
  readonly until: Date
}
