import {
  PUBLISH_VERSION,
  type PublishFormat,
  type PublishHello,
  type PublishServerMessage,
} from '@chunbo/contract/publish'
import { readServerMessage } from './wire.ts'

/** Why the line will not come back by itself. */
export type LineEnd = Extract<PublishServerMessage, { t: 'problem' }>
export type LineState = 'connecting' | 'open' | 'lost' | 'ended'

export interface PublishLineEvents {
  state(state: LineState): void
  /** What follows is heard by the server; it knows nothing of what was sent before on another socket. */
  open(): void
  ack(look: { dtsUs: number | null; bitsPerSecond: number }): void
  wantsKey(): void
  /** The server's word, also when the line comes back by itself. */
  problem(problem: LineEnd): void
}

const retryMs = [300, 800, 1_500, 3_000, 5_000]
/** Without a word of the server for so long a socket counts as dead, whatever the browser thinks: acks come twice a second. */
const silenceMs = 3_500
const welcomeMs = 8_000
const beatMs = 500

/**
 * The line of a publisher to the server. It never gives up by itself: a phone that changes its network, or is in a tunnel, comes back with the
 * same secret and goes on in the same show. Invariant: at most one socket is current; what an older one still says is ignored.
 */
export class PublishLine {
  readonly #url: string
  readonly #hello: string
  readonly #on: PublishLineEvents
  readonly #beat: ReturnType<typeof setInterval>
  #socket: WebSocket | null = null
  #isOpen = false
  #hasEnded = false
  #heardAtMs = 0
  #attempt = 0
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(url: string, hello: { session: string; format: PublishFormat; encoder: string }, on: PublishLineEvents) {
    this.#url = url
    this.#hello = JSON.stringify({ t: 'hello', v: PUBLISH_VERSION, ...hello } satisfies PublishHello)
    this.#on = on
    this.#beat = setInterval(() => this.#listen(), beatMs)
    this.#connect()
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Bytes that wait on this device. */
  get waitingBytes(): number {
    return this.#socket?.bufferedAmount ?? 0
  }

  /** False when the server does not hear it; nothing is kept for later. */
  send(message: Uint8Array): boolean {
    if (!this.#isOpen || this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(message as Uint8Array<ArrayBuffer>)
    return true
  }

  /** The network has changed: another socket at once, whether or not the old one is known to be dead. */
  renew(): void {
    if (this.#hasEnded) return
    this.#attempt = 0
    this.#connect()
  }

  /** Goes off air on purpose. */
  stop(): void {
    if (this.#isOpen) this.#socket?.send('{"t":"stop"}')
    this.#end()
  }

  #connect(): void {
    clearTimeout(this.#again)
    this.#socket?.close()
    this.#isOpen = false
    this.#heardAtMs = performance.now()
    const socket = new WebSocket(this.#url)
    this.#socket = socket
    this.#on.state('connecting')
    socket.addEventListener('open', () => {
      if (socket === this.#socket) socket.send(this.#hello)
    })
    socket.addEventListener('message', (event) => {
      const message = socket === this.#socket ? readServerMessage(String(event.data)) : null
      if (message) this.#hear(message)
    })
    socket.addEventListener('close', () => {
      if (socket === this.#socket) this.#drop(0)
    })
  }

  #hear(message: PublishServerMessage): void {
    this.#heardAtMs = performance.now()
    switch (message.t) {
      case 'welcome':
        this.#attempt = 0
        this.#isOpen = true
        this.#on.state('open')
        this.#on.open()
        return
      case 'ack':
        this.#on.ack(message)
        return
      case 'key':
        this.#on.wantsKey()
        return
      case 'problem':
        this.#on.problem(message)
        if (message.final) this.#end()
        else this.#drop(message.retryAfterMs)
    }
  }

  #listen(): void {
    if (this.#socket === null || this.#hasEnded) return
    if (performance.now() - this.#heardAtMs > (this.#isOpen ? silenceMs : welcomeMs)) this.#drop(0)
  }

  #drop(leastMs: number): void {
    const socket = this.#socket
    this.#socket = null
    this.#isOpen = false
    socket?.close()
    if (this.#hasEnded) return
    this.#on.state('lost')
    const waitMs = Math.max(leastMs, retryMs[Math.min(this.#attempt, retryMs.length - 1)] ?? 0)
    this.#attempt += 1
    clearTimeout(this.#again)
    this.#again = setTimeout(() => this.#connect(), waitMs)
  }

  #end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#isOpen = false
    clearInterval(this.#beat)
    clearTimeout(this.#again)
    this.#socket?.close()
    this.#socket = null
    this.#on.state('ended')
  }
}
