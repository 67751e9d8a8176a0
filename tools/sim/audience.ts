import { applyRoomMessage, type RoomServerMessage, type RoomView, reconnectDelayMs } from '@chunbo/contract'
import { RawViewer, textFrame } from '../bench/rooms/raw-viewer.ts'
import { addressOf } from './person.ts'
import type { StreamRecord } from './stream-record.ts'

const SAY_EVERY_MS = 5_000
/** Frames are the same for all, so each is parsed once for as long as it goes round. */
const PARSED_MAX = 400

export interface SeatedEvents {
  accepted?(id: string, lineId: string): void
  refused?(id: string, code: string): void
}

/** One person in the room, following it as our web app does: hello with what they have, acknowledgements, coming back with jitter. */
export class Seated {
  view: RoomView | null = null
  readonly #audience: Audience
  readonly #index: number
  readonly #cookie: string | null
  readonly #on: SeatedEvents
  #line: RawViewer | null = null
  #left = false
  #attempt = 0
  #timer: NodeJS.Timeout | undefined

  constructor(audience: Audience, index: number, cookie: string | null, on: SeatedEvents) {
    this.#audience = audience
    this.#index = index
    this.#cookie = cookie
    this.#on = on
    this.#open()
  }

  say(id: string, text: string): void {
    this.#line?.write(textFrame(JSON.stringify({ t: 'chat', id, text })))
  }

  /** The line breaks; it comes back by itself. */
  drop(): void {
    this.#line?.destroy()
  }

  leave(): void {
    this.#left = true
    clearInterval(this.#timer)
    this.#line?.destroy()
  }

  #open(): void {
    const { host, port, roomId } = this.#audience
    const cookie = this.#cookie === null ? [] : [`Cookie: ${this.#cookie}`]
    const from = addressOf(this.#audience.base, 240, Math.floor(this.#index / 20)) ?? '0.0.0.0'
    const place = { host, port, path: `/api/rooms/${roomId}/socket`, from, headers: cookie }
    this.#line = new RawViewer(
      this.#index,
      place,
      {
        open: (line) => {
          const { view } = this
          const hello = view === null ? { t: 'hello' } : { t: 'hello', epoch: view.epoch, offset: view.offset }
          line.write(textFrame(JSON.stringify(hello)))
        },
        frame: (_line, payload) => this.#take(this.#audience.parse(payload)),
        gone: (_line, retryAfterS) => this.#gone(retryAfterS),
      },
      0,
    )
    clearInterval(this.#timer)
    this.#timer = setInterval(() => {
      if (this.view !== null) this.#line?.write(textFrame(`{"t":"ack","offset":${this.view.offset}}`))
    }, SAY_EVERY_MS)
  }

  #gone(retryAfterS: number): void {
    clearInterval(this.#timer)
    if (this.#left) return
    this.#audience.comebacks += 1
    setTimeout(() => this.#left || this.#open(), retryAfterS * 1000 + reconnectDelayMs(this.#attempt, Math.random()))
    this.#attempt += 1
  }

  #take(message: RoomServerMessage): void {
    this.#audience.frames += 1
    if (message.t === 'accepted') this.#on.accepted?.(message.id, message.lineId)
    if (message.t === 'refused') this.#on.refused?.(message.id, message.code)
    const before = this.view
    const { view, gap } = applyRoomMessage(before, message)
    if (gap) {
      this.#audience.record.faults.push(`a viewer at offset ${before?.offset} was sent ${message.t} that leaves a gap`)
      this.view = null
      this.#line?.destroy()
      return
    }
    this.view = view
    if (message.t === 'snapshot' || message.t === 'resumed') this.#attempt = 0
    if (view !== null && (message.t === 'tick' || message.t === 'resumed'))
      this.#audience.record.note(view.epoch, message)
  }
}

/** All who are in the room. */
export class Audience {
  readonly base: string
  readonly host: string
  readonly port: number
  readonly roomId: number
  readonly record: StreamRecord
  readonly seated = new Set<Seated>()
  frames = 0
  comebacks = 0
  peak = 0
  #count = 0
  readonly #parsed = new Map<string, RoomServerMessage>()

  constructor(base: string, roomId: number, record: StreamRecord) {
    const url = new URL(base)
    if (url.protocol !== 'http:')
      throw new Error('viewers are bare sockets without TLS: give the http address of the server')
    this.base = base
    this.host = url.hostname === 'localhost' ? '127.0.0.1' : url.hostname
    this.port = Number(url.port || 80)
    this.roomId = roomId
    this.record = record
  }

  enter(cookie: string | null = null, on: SeatedEvents = {}): Seated {
    const seat = new Seated(this, this.#count, cookie, on)
    this.#count += 1
    this.seated.add(seat)
    this.peak = Math.max(this.peak, this.seated.size)
    return seat
  }

  leave(seat: Seated): void {
    seat.leave()
    this.seated.delete(seat)
  }

  parse(payload: Buffer): RoomServerMessage {
    const text = payload.toString()
    const known = this.#parsed.get(text)
    if (known !== undefined) return known
    const message = JSON.parse(text) as RoomServerMessage
    if (this.#parsed.size > PARSED_MAX) this.#parsed.clear()
    this.#parsed.set(text, message)
    return message
  }
}
