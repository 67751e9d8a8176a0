import type { RoomServerMessage, RoomView } from '@chunbo/contract'
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
    this.#snapshot ??= frameText(JSON.stringify({ t: 'snapshot', ...view } satisfies RoomServerMessage))
    return this.#snapshot
  }

  /** What was missed since `offset`, or null when it is not kept any more or would be larger than a reader may be behind. */
  resume(view: RoomView, epoch: string, offset: number): SharedFrame | null {
    if (epoch !== this.#log.epoch) return null
    const made = this.#resumes.get(offset)
    if (made !== undefined) return made
    const missed = this.#log.since(epoch, offset)
    if (missed === null) return null
    const items = view.shelf.map(({ shopId, skuId, stock }) => ({ shopId, skuId, stock }))
    const latest = [JSON.stringify({ t: 'stock', items }), JSON.stringify({ t: 'viewers', viewers: view.viewers })]
    const head = `{"t":"resumed","epoch":"${epoch}","from":${offset},"offset":${this.#log.offset}`
    const frame = frameText(`${head},"events":[${[...missed, ...latest].join(',')}]}`)
    if (frame.wire.length > this.#resumeBytesMax) return null
    if (this.#resumes.size < RESUMES_KEPT_MAX) this.#resumes.set(offset, frame)
    return frame
  }
}
