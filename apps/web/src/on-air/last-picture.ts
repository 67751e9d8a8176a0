/**
 * A camera that falls silent, because a call came or another app took it, must not take the sound with it: the stream's clock runs by its
 * pictures. So the last one is kept, and given again a few times a second until the camera is back.
 */
const keepGapMs = 1_000
const silenceMs = 700
const repeatMs = 200
const usPerMs = 1_000

export class LastPicture {
  readonly #give: (frame: VideoFrame, atUs: number) => void
  readonly #canvas = typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(2, 2)
  readonly #timer: ReturnType<typeof setInterval>
  #keptAtMs = Number.NEGATIVE_INFINITY
  #seenAtMs = Number.POSITIVE_INFINITY

  constructor(give: (frame: VideoFrame, atUs: number) => void) {
    this.#give = give
    this.#timer = setInterval(() => this.#repeat(), repeatMs)
  }

  /** Looks at a picture, which stays the caller's. */
  keep(frame: VideoFrame): void {
    const nowMs = performance.now()
    this.#seenAtMs = nowMs
    if (this.#canvas === null || nowMs - this.#keptAtMs < keepGapMs) return
    this.#keptAtMs = nowMs
    if (this.#canvas.width !== frame.displayWidth) this.#canvas.width = frame.displayWidth
    if (this.#canvas.height !== frame.displayHeight) this.#canvas.height = frame.displayHeight
    this.#canvas.getContext('2d', { alpha: false })?.drawImage(frame, 0, 0)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #repeat(): void {
    const nowMs = performance.now()
    if (this.#canvas === null || nowMs - this.#seenAtMs < silenceMs) return
    const atUs = nowMs * usPerMs
    this.#give(new VideoFrame(this.#canvas, { timestamp: Math.round(atUs) }), atUs)
  }
}
