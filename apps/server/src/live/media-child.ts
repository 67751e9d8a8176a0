import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { UpgradeRequest } from '@chunbo/web-socket'
import type { Log } from '../platform/log.ts'
import { forkMediaProcess } from './media-fork.ts'
import { packUpgrade } from './media-handover.ts'
import { type FromMedia, type Handed, type MediaSettings, readFromMedia, type ToMedia } from './media-words.ts'

/**
 * Keeps the media process running: starts it, starts it anew when it ended by itself, kills it when it says nothing any more.
 */

/** From the fork to the first word, on a machine that is busy with its own start. */
const START_MS = 20_000
/** Missed pulses, one a second, after which it counts as hanging. Ticks are counted, not time: a machine that slept has missed none. */
const SILENT_TICKS_MAX = 10
const TICK_MS = 1_000
/** From the request to end until it is killed. */
const CLOSE_MS = 3_000
const REST_MS_MIN = 100
const REST_MS_MAX = 5_000
/** Connections on their way: each takes a round trip between the two, one after the other. */
const HANDING_MAX = 1_000
/** One that ran for this long is started again at once. */
const SETTLED_MS = 30_000

export type Listening = Extract<FromMedia, { kind: 'listening' }>

export interface MediaChildOptions {
  settings(): MediaSettings
  /** Forked earlier, while the server loaded; taken for the first start if it still lives. */
  readonly forked?: ChildProcess | undefined
  readonly log: Log
  /** Missed pulses after which it counts as hanging. */
  readonly silentTicksMax?: number
  onListening(listening: Listening): void
  onWord(word: FromMedia): void
  /** It ended, however it did; another is on its way unless this was asked for. */
  onGone(): void
}

export interface MediaChild {
  /** @throws with `code` and `port` when it cannot listen */
  start(): Promise<void>
  /** Says a word to the process that runs now; false when there is none. */
  send(word: ToMedia): boolean
  /** Gives an upgraded connection away for good; false when nobody can take it now, and then it is still the caller's. */
  handOver(handed: Handed, request: UpgradeRequest, socket: Duplex, head: Buffer): boolean
  close(): Promise<void>
}

export function createMediaChild(options: MediaChildOptions): MediaChild {
  return new Keeper(options)
}

class Keeper implements MediaChild {
  readonly #options: MediaChildOptions
  #child: ChildProcess | null = null
  #forked: ChildProcess | undefined
  #rest: NodeJS.Timeout | undefined
  #ticker: NodeJS.Timeout | undefined
  #restMs = REST_MS_MIN
  #silentTicks = 0
  #isUp = false
  #closed = false
  #lastHandedId = 0
  readonly #handing = new Set<Socket>()

  constructor(options: MediaChildOptions) {
    this.#options = options
    this.#forked = options.forked
  }

  async start(): Promise<void> {
    this.#ticker = setInterval(() => this.#tick(), TICK_MS)
    this.#ticker.unref()
    await this.#launch()
  }

  send(word: ToMedia): boolean {
    const child = this.#child
    if (!child?.connected) return false
    child.send(word, () => {})
    return true
  }

  handOver(handed: Handed, request: UpgradeRequest, socket: Duplex, head: Buffer): boolean {
    const child = this.#child
    if (!child?.connected || !(socket instanceof Socket) || this.#handing.size >= HANDING_MAX) return false
    if (socket.destroyed) return true
    const id = ++this.#lastHandedId
    this.#handing.add(socket)
    // Node would have its server ask the other process for the end of this connection before it closes, and wait for ever when that
    // process has gone. A connection that was given away is no longer the server's.
    Object.assign(socket, { server: null })
    child.send(packUpgrade(id, handed, request, socket, head), socket, () => {
      this.#handing.delete(socket)
      // Lets go of what is left here, or of all when it could not be sent.
      socket.destroy()
    })
    // Node keeps back what is said after a connection until the other side has it and this side has closed its own end of it.
    child.send({ kind: 'free', id } satisfies ToMedia, () => {})
    return true
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#rest)
    clearInterval(this.#ticker)
    this.#forked?.kill()
    const child = this.#child
    if (!child) return
    const gone = once(child, 'exit')
    this.send({ kind: 'close' })
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS)
    await gone
    clearTimeout(timer)
  }

  #launch(): Promise<void> {
    const { settings, onListening, onWord } = this.#options
    const child = this.#forked?.connected ? this.#forked : forkMediaProcess()
    this.#forked = undefined
    const startedMs = performance.now()
    this.#child = child
    this.#silentTicks = 0
    this.#isUp = false
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => child.kill('SIGKILL'), START_MS)
      child.on('message', (value) => {
        const word = readFromMedia(value)
        this.#silentTicks = 0
        if (word.kind === 'listening') {
          clearTimeout(late)
          this.#isUp = true
          onListening(word)
          resolve()
        } else if (word.kind === 'refused') {
          reject(Object.assign(new Error(word.message), { code: word.code, port: word.port }))
        } else onWord(word)
      })
      // Said when it could not be forked, and when a word could not be sent to one that is about to end.
      child.on('error', (error) => this.#options.log.warn({ err: error }, 'the media process could not be reached'))
      child.once('exit', (code, signal) => {
        clearTimeout(late)
        reject(new Error(`the media process ended: ${signal ?? code}`))
        if (this.#child === child) this.#gone(code, signal, performance.now() - startedMs)
      })
      child.send({ kind: 'start', settings: settings() } satisfies ToMedia, () => {})
    })
  }

  #gone(code: number | null, signal: string | null, ranMs: number): void {
    this.#child = null
    for (const socket of this.#handing) socket.destroy()
    this.#handing.clear()
    this.#options.onGone()
    if (this.#closed) return
    this.#restMs = ranMs > SETTLED_MS ? REST_MS_MIN : Math.min(this.#restMs * 2, REST_MS_MAX)
    this.#options.log.error({ code, signal, restMs: this.#restMs }, 'the media process ended and is started again')
    this.#rest = setTimeout(() => {
      this.#launch().catch((error: unknown) => this.#options.log.error({ err: error }, 'the media process is not up'))
    }, this.#restMs)
  }

  #tick(): void {
    // One that has not come up yet has its own, longer time.
    if (!this.#child || !this.#isUp) return
    this.#silentTicks += 1
    if (this.#silentTicks <= (this.#options.silentTicksMax ?? SILENT_TICKS_MAX)) return
    this.#options.log.error({ silentS: this.#silentTicks }, 'the media process hangs and is killed')
    this.#child.kill('SIGKILL')
  }
}
