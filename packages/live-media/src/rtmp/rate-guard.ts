import { MediaFormatError } from '../ingest-sink.ts'
import type { RtmpLimits } from '../limits.ts'
import { RtmpProtocolError } from './rtmp-message.ts'

/** Holds a connection to its average bytes and messages a second over a window, with no allowance saved up. */
export class RateGuard {
  readonly #limits: RtmpLimits
  #windowStartMs = 0
  #bytes = 0
  #messages = 0

  constructor(limits: RtmpLimits) {
    this.#limits = limits
  }

  /** @throws MediaFormatError, RtmpProtocolError when the window's allowance of bytes or of messages is used up */
  count(nowMs: number, bytes: number, messages: number): void {
    const { rateWindowMs, bitsPerSecond, messagesPerSecond } = this.#limits
    if (nowMs - this.#windowStartMs >= rateWindowMs) {
      this.#windowStartMs = nowMs
      this.#bytes = 0
      this.#messages = 0
    }
    this.#bytes += bytes
    this.#messages += messages
    if (this.#bytes * 8_000 > bitsPerSecond * rateWindowMs) {
      throw new MediaFormatError('bitrate_too_high', { kbps: Math.round(bitsPerSecond / 1000) })
    }
    if (this.#messages * 1_000 > messagesPerSecond * rateWindowMs) throw new RtmpProtocolError('too many messages')
  }
}
