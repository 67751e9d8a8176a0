import type { RoomDrop, RoomLatestEvent, RoomServerMessage, RoomView } from '@chunbo/contract'
import { frameText, type SharedFrame } from './shared-frame.ts'
import type { StreamLog } from './stream-log.ts'

/** Different offsets whose answers are kept between two ticks; those thrown out together mostly share one. */
const RESUMES_KEPT_MAX = 64

/** First frames for those who come: encoded at most once between two ticks, however many come back at once. */
export class WelcomeFrames {
  readonly #log: StreamLog
  readonly #resumeBytesMax: number
  #snapshot: SharedFrame | null = null
  #resumes = new Map<number, SharedFrame>()

  constructor(log: StreamLog, resumeBytesMax: number) {
    this.#log = log
    this.#resumeBytesMax = resumeBytesMax
  }

  /** To be called whenever the view changes. */
  forget(): void {
    this.#snapshot = null
    this.#resumes.clear()
  }

  snapshot(view: RoomView): SharedFrame {
    this.#snapshot ??= frameText(
      JSON.stringify({ t: 'snapshot', ...view } satisfies RoomServerMessage),
      `${view.epoch}:${view.offset}`,
    )
    return this.#snapshot
  }

  /** What was missed since `offset`, or null when it is not kept any more or would be larger than a reader may be behind. */
  resume(view: RoomView, epoch: string, offset: number): SharedFrame | null {
    if (epoch !== this.#log.epoch) return null
    const made = this.#resumes.get(offset)
    if (made !== undefined) return made
    const missed = this.#log.since(epoch, offset)
    if (missed === null) return null
    const latest = latestOf(view).map((event) => JSON.stringify(event))
    const head = `{"t":"resumed","epoch":"${epoch}","from":${offset},"offset":${this.#log.offset}`
    const frame = frameText(`${head},"events":[${[...missed, ...latest].join(',')}]}`, `${epoch}:${this.#log.offset}`)
    if (frame.wire.length > this.#resumeBytesMax) return null
    if (this.#resumes.size < RESUMES_KEPT_MAX) this.#resumes.set(offset, frame)
    return frame
  }
}

/** All that has no offset, because whoever comes back cannot say how old theirs is. */
function latestOf(view: RoomView): RoomLatestEvent[] {
  const { viewers, likes, drops } = view
  const items = view.shelf.map(({ shopId, skuId, stock }) => ({ shopId, skuId, stock }))
  const counted = drops.map((drop) => ({ id: drop.id, counts: countsOf(drop) }))
  return [
    { t: 'stock', items },
    { t: 'viewers', viewers },
    { t: 'likes', likes },
    ...(counted.length > 0 ? [{ t: 'drop_counts' as const, items: counted }] : []),
  ]
}

/** Counts of a drop in the order of its kind. */
function countsOf(drop: RoomDrop): number[] {
  switch (drop.kind) {
    case 'coupon':
      return [drop.left]
    case 'bag':
      return [drop.entrants]
    case 'poll':
      return drop.options.map(({ votes }) => votes)
    case 'flash':
      return []
  }
}
