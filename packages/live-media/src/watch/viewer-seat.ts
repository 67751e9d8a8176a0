import type { Duplex } from 'node:stream'
import { FrameReader, frameControl, type Place, type Upgraded } from '@chunbo/web-socket'
import type { ViewerLimits } from '../limits.ts'

/** How long a peer has to answer a goodbye. */
const goodbyeMs = 1_000
const ping = frameControl(9, Buffer.alloc(0))
const ackShape = /^\{"kind":"ack","bytes":(\d{1,15})\}$/

/** Codes of RFC 6455 with which a viewer is sent away. */
export const viewerClose = {
  ended: 1000,
  unexpectedData: 1003,
  policy: 1008,
  restart: 1012,
} as const

/**
 * One viewer's socket. `new` has got nothing yet and waits for a key frame; `flowing` gets every chunk; `behind` gets nothing until it has
 * taken what was sent, and then goes on with the next key frame.
 */
export class ViewerSeat {
  readonly #raw: Duplex
  readonly #limits: ViewerLimits
  readonly #place: Place
  readonly #gone: () => void
  readonly #reader: FrameReader
  state: 'new' | 'flowing' | 'behind' = 'new'
  /** Binary payload that was sent, and how much of it the viewer says it has. */
  #sentBytes = 0
  #ackedBytes: number | null = null
  /** Sent at once when it came in; it may take longer for that than for what is made as it plays. */
  #allowanceBytes = 0
  #behindSinceMs = 0
  #heardMs: number
  #messages = 0
  #closing = false

  constructor(upgraded: Upgraded, limits: ViewerLimits, place: Place, nowMs: number, gone: () => void) {
    const { raw, head } = upgraded
    this.#raw = raw
    this.#limits = limits
    this.#place = place
    this.#gone = gone
    this.#heardMs = nowMs
    this.#reader = new FrameReader(limits.textBytes, false, {
      text: (message) => this.#hear(message),
      binary: () => this.close(viewerClose.unexpectedData),
      ping: (payload) => {
        // Not answered to a peer that does not read what it asks for.
        if (this.#countMessage() && raw.writableLength === 0) this.#write(frameControl(10, payload))
      },
      pong: () => void this.#countMessage(),
      bye: (code) => this.close(code === 1005 ? viewerClose.ended : code),
      fault: (code) => this.close(code),
    })
    raw.on('data', (chunk: Buffer) => {
      this.#heardMs = performance.now()
      if (!this.#closing) this.#reader.push(chunk)
    })
    // Sockets of Node's HTTP server stay half open: a peer that only stops sending must not stay for ever.
    raw.on('end', () => raw.end())
    raw.on('error', () => raw.destroy())
    raw.on('close', () => {
      place.release()
      this.#closing = true
      this.#gone()
    })
    if (head.length > 0) this.#reader.push(head)
  }

  get closing(): boolean {
    return this.#closing
  }

  /** Words, init segments and chunks; `binaryBytes` is the payload that the viewer will count. */
  send(frame: Buffer, binaryBytes = 0): void {
    this.#sentBytes += binaryBytes
    this.#write(frame)
  }

  /** What a newcomer is given at once; all in one call of the kernel. */
  sendOpening(frames: readonly Buffer[], binaryBytes: number): void {
    this.state = 'flowing'
    this.#sentBytes += binaryBytes
    this.#allowanceBytes = binaryBytes
    this.#raw.cork()
    for (const frame of frames) this.#write(frame)
    this.#raw.uncork()
  }

  /**
   * Whether it has been given more than it took: `lagBytes` is what a reader in time may not have read yet. What waits in this process is
   * known exactly; what the kernels hold shows only in what the viewer says, which is up to a second old.
   */
  isLate(lagBytes: number): boolean {
    const waitingBytes = this.#raw.writableLength
    const unackedBytes = this.#ackedBytes === null ? 0 : this.#sentBytes - this.#ackedBytes
    if (waitingBytes === 0 && this.#ackedBytes === null) this.#allowanceBytes = 0
    if (this.#ackedBytes !== null && this.#ackedBytes >= this.#allowanceBytes) this.#allowanceBytes = 0
    return waitingBytes > lagBytes + this.#allowanceBytes || unackedBytes > (lagBytes * 4) / 3 + this.#allowanceBytes
  }

  fallBehind(nowMs: number): void {
    this.state = 'behind'
    this.#behindSinceMs = nowMs
  }

  /** Whether it has taken what it was given; a second's worth may be on its way to being said. */
  hasCaughtUp(lagBytes: number): boolean {
    if (this.#raw.writableLength > 0) return false
    return this.#ackedBytes === null || this.#sentBytes - this.#ackedBytes <= lagBytes / 3
  }

  /** Housekeeping: asks the silent, drops the dead and those that do not catch up. Gives what became of it. */
  sweep(nowMs: number, lagBytes: number): 'stays' | 'stalled' | 'dead' {
    this.#messages = 0
    if (this.state === 'behind' && nowMs - this.#behindSinceMs > this.#limits.stallMs && !this.hasCaughtUp(lagBytes)) {
      this.#raw.destroy()
      return 'stalled'
    }
    const silentMs = nowMs - this.#heardMs
    if (silentMs > this.#limits.silentMs) {
      this.#raw.destroy()
      return 'dead'
    }
    if (silentMs > this.#limits.pingMs) this.#write(ping)
    return 'stays'
  }

  close(code: number): void {
    if (this.#closing || this.#raw.destroyed) return
    const payload = Buffer.alloc(2)
    payload.writeUInt16BE(code)
    this.#write(frameControl(8, payload))
    this.#closing = true
    this.#reader.stop()
    this.#raw.end()
    setTimeout(() => this.#raw.destroy(), goodbyeMs).unref()
    this.#gone()
  }

  #hear(message: string): void {
    if (!this.#countMessage()) return
    const bytes = Number(ackShape.exec(message)?.[1] ?? -1)
    // Nobody has what was not sent, and nobody forgets what he had.
    if (bytes < (this.#ackedBytes ?? 0) || bytes > this.#sentBytes) this.close(viewerClose.policy)
    else this.#ackedBytes = bytes
  }

  #countMessage(): boolean {
    this.#messages += 1
    const allowed =
      this.#messages <= this.#limits.messagesPerSweep && this.#place.messages.take(performance.now()) === 0
    if (!allowed) this.close(viewerClose.policy)
    return allowed
  }

  #write(bytes: Buffer): void {
    if (!this.#closing && this.#raw.writable) this.#raw.write(bytes)
  }
}
