import { frameBinary, frameText } from '@chunbo/web-socket'
import type { ViewerLimits } from '../limits.ts'
import type { LiveStream } from '../live-stream.ts'
import type { Chunk } from '../mux/chunker.ts'
import type { InitSegment } from '../mux/mp4-init.ts'
import { ReaderLag } from './reader-lag.ts'
import { type ViewerSeat, viewerClose } from './viewer-seat.ts'

const words = {
  gap: frameText('{"kind":"gap"}'),
  waiting: frameText('{"kind":"waiting"}'),
  ended: frameText('{"kind":"ended"}'),
}
interface Opening {
  init: InitSegment
  /** The word and the init segment, then the chunks since the key frame; null once they were too many. */
  frames: Buffer[] | null
  /** Payload of the binary ones. */
  bytes: number
}

export interface ViewerRoomCounts {
  skipped: number
  stalled: number
}

/**
 * Everybody who watches one room over a socket. A chunk is framed once and the same memory is written to every socket, so a viewer costs a
 * call of the kernel each 66 ms and no copy. Order holds because all writing is synchronous.
 */
export class ViewerRoom {
  readonly #limits: ViewerLimits
  readonly #counts: ViewerRoomCounts
  readonly #seats = new Set<ViewerSeat>()
  #stream: LiveStream | null = null
  #stop: (() => void) | null = null
  #opening: Opening | null = null
  readonly #lag: ReaderLag

  constructor(limits: ViewerLimits, counts: ViewerRoomCounts) {
    this.#limits = limits
    this.#lag = new ReaderLag(limits.lagMs)
    this.#counts = counts
  }

  get size(): number {
    return this.#seats.size
  }

  /** Follows a room's stream; the same one again changes nothing. */
  follow(stream: LiveStream): void {
    if (this.#stream === stream) return
    this.unfollow()
    this.#stream = stream
    const { backlog, stop } = stream.onChunk((chunk) => this.#take(chunk))
    this.#stop = stop
    for (const chunk of backlog) this.#remember(chunk)
  }

  unfollow(): void {
    this.#stop?.()
    this.#stop = null
    this.#stream = null
    this.#opening = null
  }

  /** Gives a newcomer what there is. */
  join(seat: ViewerSeat): void {
    if (this.#stream?.ended) {
      seat.send(words.ended)
      seat.close(viewerClose.ended)
      return
    }
    this.#seats.add(seat)
    if (!this.#stream?.publishing) seat.send(words.waiting)
    else if (this.#opening?.frames) seat.sendOpening(this.#opening.frames, this.#opening.bytes)
  }

  leave(seat: ViewerSeat): void {
    this.#seats.delete(seat)
  }

  /** The publisher has gone; who watches stays for when it comes back. */
  wait(): void {
    this.#opening = null
    for (const seat of this.#seats) seat.send(words.waiting)
  }

  end(): void {
    for (const seat of [...this.#seats]) {
      seat.send(words.ended)
      seat.close(viewerClose.ended)
    }
  }

  closeAll(code: number): void {
    for (const seat of [...this.#seats]) seat.close(code)
  }

  sweep(nowMs: number): void {
    for (const seat of [...this.#seats]) {
      if (seat.sweep(nowMs, this.#lag.bytes) === 'stalled') this.#counts.stalled += 1
    }
  }

  #take(chunk: Chunk): void {
    const before = this.#opening?.init
    this.#lag.add(chunk)
    const { frame, begin } = this.#remember(chunk)
    const startsAnew = chunk.discontinuity || before !== chunk.init
    const nowMs = performance.now()
    const { length } = chunk.bytes
    for (const seat of this.#seats) {
      if (seat.state === 'flowing') {
        if (seat.isLate(this.#lag.bytes)) {
          seat.fallBehind(nowMs)
          this.#counts.skipped += 1
          continue
        }
        if (startsAnew && begin) this.#begin(seat, begin, chunk.init)
        seat.send(frame, length)
      } else if (begin && (seat.state === 'new' || seat.hasCaughtUp(this.#lag.bytes))) {
        if (seat.state === 'behind') seat.send(words.gap)
        seat.state = 'flowing'
        this.#begin(seat, begin, chunk.init)
        seat.send(frame, length)
      }
    }
  }

  #begin(seat: ViewerSeat, [word, init]: readonly [Buffer, Buffer], { bytes }: InitSegment): void {
    seat.send(word)
    seat.send(init, bytes.length)
  }

  /** Frames a chunk, keeps it for newcomers, and gives the frames that must come before it for who does not go on from the one before. */
  #remember(chunk: Chunk): { frame: Buffer; begin: readonly [Buffer, Buffer] | null } {
    const frame = frameBinary(chunk.bytes)
    if (chunk.key) {
      const begin = [frameText(this.#initWord(chunk)), frameBinary(chunk.init.bytes)] as const
      const bytes = chunk.init.bytes.length + chunk.bytes.length
      this.#opening = { init: chunk.init, frames: [...begin, frame], bytes }
      return { frame, begin }
    }
    if (this.#opening?.frames) {
      this.#opening.bytes += chunk.bytes.length
      if (this.#opening.bytes > this.#limits.openingBytes) this.#opening.frames = null
      else this.#opening.frames.push(frame)
    }
    return { frame, begin: null }
  }

  #initWord({ init, startMs, discontinuity }: Chunk): string {
    const wallMs = this.#stream?.wallMsAt(startMs) ?? null
    return JSON.stringify({ kind: 'init', mime: `video/mp4; codecs="${init.codecs}"`, startMs, wallMs, discontinuity })
  }
}
