import type { RoomLatestEvent, RoomView } from '@chunbo/contract'
import { TokenBucket } from '@chunbo/web-socket'
import type { RoomLimits } from './limits.ts'
import { RoomStock } from './room-stock.ts'

/** The values of a room of which only the newest matters, and what of them is not told yet. Times are ms of a clock that never jumps. */
export class RoomLatest {
  readonly stock = new RoomStock()
  readonly #everyMs: number
  readonly #likesByRoom: TokenBucket
  #counts = new Map<number, number[]>()
  #likes: number
  /** Hearts that the other nodes have been told of, or told of. */
  #heartsTold: number
  /** When viewers and hearts were told. */
  #toldMs = Number.NEGATIVE_INFINITY

  constructor(limits: RoomLimits, likes: number, nowMs: number) {
    this.#everyMs = limits.viewersEveryMs
    this.#likesByRoom = new TokenBucket(limits.likesByRoom, nowMs)
    this.#likes = likes
    this.#heartsTold = likes
  }

  /** Hearts so far, told or not. */
  get likes(): number {
    return this.#likes
  }

  /** Hearts of one socket, of which a room counts only so many a second. */
  like(count: number, nowMs: number): void {
    this.#likes += this.#likesByRoom.takeUpTo(count, nowMs)
  }

  /** Hearts that another node counted; it knows of `likes` in all, which may be more than was heard here. */
  hearHearts(count: number, likes: number): void {
    const before = this.#likes
    this.#likes = Math.max(before + count, likes)
    this.#heartsTold += this.#likes - before
  }

  /** Hearts in all, and those of this node since this was asked last. */
  takeHearts(): { hearts: number; likes: number } {
    const hearts = this.#likes - this.#heartsTold
    this.#heartsTold = this.#likes
    return { hearts, likes: this.#likes }
  }

  /** New counts of an open drop, in the order of its kind. */
  setCounts(dropId: number, counts: readonly number[]): void {
    this.#counts.set(dropId, [...counts])
  }

  /** Whether something is to be told now; `view` is what was told before. */
  isDue(view: RoomView, viewers: number, nowMs: number): boolean {
    return this.stock.waits || this.#counts.size > 0 || this.#crowdIsDue(view, viewers, nowMs)
  }

  /** What is due: stock and counts of drops always, viewers and hearts now and then. It counts as told. */
  take(view: RoomView, viewers: number, nowMs: number): RoomLatestEvent[] {
    const due: RoomLatestEvent[] = []
    if (this.stock.waits) due.push({ t: 'stock', items: this.stock.takeUntold() })
    if (this.#counts.size > 0) {
      due.push({ t: 'drop_counts', items: [...this.#counts].map(([id, counts]) => ({ id, counts })) })
      this.#counts.clear()
    }
    if (!this.#crowdIsDue(view, viewers, nowMs)) return due
    this.#toldMs = nowMs
    if (viewers !== view.viewers) due.push({ t: 'viewers', viewers })
    if (this.#likes !== view.likes) due.push({ t: 'likes', likes: this.#likes })
    return due
  }

  #crowdIsDue(view: RoomView, viewers: number, nowMs: number): boolean {
    const changed = viewers !== view.viewers || this.#likes !== view.likes
    return changed && nowMs - this.#toldMs >= this.#everyMs
  }
}
