import {
  applyRoomEvent,
  CHAT_RECENT_MAX,
  type ChatLine,
  ROOM_CLOSE,
  type RoomClientMessage,
  type RoomHead,
  type RoomPin,
  type RoomServerMessage,
  type RoomStreamEvent,
  type RoomView,
  type ShelfEntry,
  type StockLevel,
} from '@chunbo/contract'
import { Audience } from './audience.ts'
import { ChatGate } from './chat-gate.ts'
import { readClientMessage } from './client-message.ts'
import type { RoomLimits } from './limits.ts'
import { CHAT_REFUSALS } from './refusals.ts'
import type { RoomSocket, Session, Viewer } from './session.ts'
import { frameText } from './shared-frame.ts'
import { StreamLog } from './stream-log.ts'
import { WelcomeFrames } from './welcome-frames.ts'

/**
 * One room. What happens gathers until the tick; the tick numbers it, applies it to the view, encodes it once and writes the same bytes to
 * everyone. A snapshot is always the view of the last tick with that tick's offset, so whoever joins between two ticks gets the state before
 * the gathered events and then the events: nothing is missing and nothing comes twice. Snapshots and resumes are encoded at most once between
 * two ticks, however many come back at once.
 */

/** What a room starts from when it is brought into memory. */
export interface RoomOpening {
  readonly room: RoomHead
  readonly shelf: ShelfEntry[]
  readonly pin: RoomPin | null
  readonly chat: ChatLine[]
  /** Version of the room's row that all this was read at; state of an older version is ignored. */
  readonly version: number
}

export interface RoomClock {
  /** UTC in ms. */
  wallMs(): number
  /** Ms of a clock that never jumps. */
  steadyMs(): number
}

export interface RoomHooks {
  /** A line entered the stream. Must not throw and must not wait. */
  chatSaid(roomId: number, line: ChatLine, userId: number): void
}

/** Parts of the state that are settled in SQL and may be told out of order. */
type StateEvent = Extract<RoomStreamEvent, { t: 'pin' | 'unpin' | 'status' | 'room' | 'shelf' }>
type Aspect = 'pin' | 'status' | 'room' | 'shelf'

export class LiveRoom {
  readonly id: number
  readonly #limits: RoomLimits
  readonly #clock: RoomClock
  readonly #hooks: RoomHooks
  readonly #audience: Audience
  readonly #gate: ChatGate
  readonly #log: StreamLog
  readonly #welcome: WelcomeFrames
  readonly #versions: Record<Aspect, number>
  #view: RoomView
  #viewersPeak = 0
  #viewersToldMs = Number.NEGATIVE_INFINITY
  #pending: RoomStreamEvent[] = []
  #pendingStock = new Map<string, StockLevel>()
  /** Newest stock by SKU, told or not. */
  #stock = new Map<string, number>()
  /** Since when nobody is in it. */
  #emptySinceMs: number

  constructor(opening: RoomOpening, limits: RoomLimits, clock: RoomClock, hooks: RoomHooks) {
    this.id = opening.room.id
    this.#limits = limits
    this.#clock = clock
    this.#hooks = hooks
    this.#audience = new Audience(limits)
    this.#gate = new ChatGate(limits, clock.steadyMs())
    this.#log = new StreamLog(limits.historyEventsMax, limits.historyBytesMax)
    this.#welcome = new WelcomeFrames(this.#log, limits.resumeBytesMax)
    const { version } = opening
    this.#versions = { pin: version, status: version, room: version, shelf: version }
    this.#view = {
      epoch: this.#log.epoch,
      offset: 0,
      room: opening.room,
      shelf: opening.shelf,
      pin: opening.pin,
      viewers: 0,
      chat: opening.chat.slice(-CHAT_RECENT_MAX),
    }
    this.#learnShelf(opening.shelf)
    this.#emptySinceMs = clock.steadyMs()
  }

  /** The state as of the last tick. */
  get view(): RoomView {
    return this.#view
  }

  get figures(): { viewers: number; viewersPeak: number; sockets: number; lagging: number } {
    return {
      viewers: this.#audience.watching,
      viewersPeak: this.#viewersPeak,
      sockets: this.#audience.size,
      lagging: this.#audience.lagging,
    }
  }

  /** Whether it can be forgotten: nobody is in it, and has not been for a while. */
  isIdle(): boolean {
    const emptyMs = this.#clock.steadyMs() - this.#emptySinceMs
    return this.#audience.size === 0 && this.#pending.length === 0 && emptyMs >= this.#limits.idleRoomMs
  }

  // ---- sockets

  join(socket: RoomSocket, viewer: Viewer): void {
    if (this.#audience.size >= this.#limits.viewersMax) {
      socket.close(ROOM_CLOSE.standardTryLater, 'room full')
      return
    }
    this.#audience.enter(socket, viewer, this.#clock.steadyMs())
  }

  leave(socket: RoomSocket): void {
    this.#audience.leave(socket)
    if (this.#audience.size === 0) this.#emptySinceMs = this.#clock.steadyMs()
  }

  /** A ping or pong frame: a sign of life, and of the same flood limit as messages, because a ping costs an answer. */
  heard(socket: RoomSocket): void {
    this.#hear(socket)
  }

  /** A text message of a socket. What is not of the contract, and a flood, end the session. */
  receive(socket: RoomSocket, data: string): void {
    const session = this.#hear(socket)
    if (session === null) return
    const message = readClientMessage(data)
    if (message === null || (message.t === 'hello') !== (session.state === 'awaiting_hello')) {
      this.#audience.putOut(socket, ROOM_CLOSE.badMessage, 'bad message')
      return
    }
    this.#answer(session, message)
  }

  /** Refuses whatever came that cannot even be a message, such as a binary frame. */
  refuse(socket: RoomSocket): void {
    this.#audience.putOut(socket, ROOM_CLOSE.badMessage, 'bad message')
  }

  closeAll(code: number, reason: string): void {
    this.#audience.closeAll(code, reason)
  }

  // ---- what happens

  /** Adds to the stream with the next tick. */
  publish(event: RoomStreamEvent): void {
    this.#pending.push(event)
  }

  /**
   * Adds state that is settled in SQL, unless a newer version of the same part is known: two desks' commits may be told in the wrong
   * order. The same version again is let through: a shelf changes with its SKUs while the room stands still. A pin, an unpin and a change of status go out at once.
   */
  publishState(event: StateEvent, version: number): void {
    const aspect = event.t === 'unpin' ? 'pin' : event.t
    if (version < this.#versions[aspect]) return
    this.#versions[aspect] = version
    this.#pending.push(event.t === 'shelf' ? { ...event, items: this.#learnShelf(event.items) } : event)
    if (aspect === 'pin' || aspect === 'status') this.#flush()
  }

  /** New stock levels, of which those on the shelf are told with the next tick; the last pack going is told at once. */
  setStock(levels: readonly StockLevel[]): void {
    let soldOut = false
    for (const level of levels) {
      const key = stockKey(level)
      const known = this.#stock.get(key)
      if (known === undefined || known === level.stock) continue
      this.#stock.set(key, level.stock)
      this.#pendingStock.set(key, { shopId: level.shopId, skuId: level.skuId, stock: level.stock })
      if (level.stock > 0) continue
      soldOut = true
      this.#pending.push({ t: 'sold_out', shopId: level.shopId, skuId: level.skuId })
    }
    if (soldOut) this.#flush()
  }

  /** Tells what has gathered, then looks after the slow. To be called every `tickMs`. */
  tick(): void {
    const nowMs = this.#clock.steadyMs()
    if (this.#pending.length > 0 || this.#pendingStock.size > 0 || this.#viewersDue(nowMs)) this.#flush()
    if (this.#audience.lagging > 0) this.#audience.catchUp(() => this.#welcome.snapshot(this.#view), nowMs)
  }

  /** Housekeeping, every few seconds. */
  sweep(): void {
    const nowMs = this.#clock.steadyMs()
    this.#audience.sweep(nowMs)
    this.#gate.sweep(nowMs)
    if (this.#audience.size > 0) this.#emptySinceMs = nowMs
  }

  // ---- inside

  #hear(socket: RoomSocket): Session | null {
    const session = this.#audience.find(socket)
    if (session === undefined) return null
    const nowMs = this.#clock.steadyMs()
    session.heardMs = nowMs
    if (session.messages.take(nowMs) === 0) return session
    this.#audience.putOut(socket, ROOM_CLOSE.tooMany, 'too many messages')
    return null
  }

  #answer(session: Session, message: RoomClientMessage): void {
    switch (message.t) {
      case 'hello':
        this.#greet(session, message.epoch, message.offset)
        this.#viewersPeak = Math.max(this.#viewersPeak, this.#audience.watching)
        return
      case 'ping':
        this.#reply(session, { t: 'pong', nowMs: this.#clock.wallMs() })
        return
      case 'chat':
        this.#say(session, message)
        return
    }
  }

  #greet(session: Session, epoch: string | undefined, offset: number | undefined): void {
    const known = epoch !== undefined && offset !== undefined
    const resumed = known ? this.#welcome.resume(this.#view, epoch, offset) : null
    this.#audience.welcome(session, resumed ?? this.#welcome.snapshot(this.#view))
  }

  #say(session: Session, message: { id: string; text: string }): void {
    const { user } = session.viewer
    const { status } = this.#view.room
    const decision = this.#gate.decide(user, status, message, this.#clock.steadyMs(), this.#clock.wallMs())
    switch (decision.verdict) {
      case 'accepted':
        this.publish({ t: 'chat', line: decision.line })
        this.#hooks.chatSaid(this.id, decision.line, decision.userId)
        this.#reply(session, { t: 'accepted', id: message.id, lineId: decision.line.id })
        return
      case 'repeated':
        this.#reply(session, { t: 'accepted', id: message.id, lineId: decision.lineId })
        return
      case 'refused': {
        const { code, retryAfterMs } = decision
        const texts = CHAT_REFUSALS[code]
        const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
        this.#reply(session, { t: 'refused', id: message.id, code, texts, ...wait })
        return
      }
    }
  }

  #reply(session: Session, message: RoomServerMessage): void {
    this.#audience.reply(session, frameText(JSON.stringify(message)), this.#clock.steadyMs())
  }

  #flush(): void {
    const nowMs = this.#clock.steadyMs()
    const events = this.#pending.map((event) => JSON.stringify(event))
    const from = this.#log.offset
    this.#log.append(events)
    this.#view = { ...this.#pending.reduce(applyRoomEvent, this.#view), offset: this.#log.offset }
    this.#pending = []
    if (this.#pendingStock.size > 0) {
      const stock = { t: 'stock' as const, items: [...this.#pendingStock.values()] }
      this.#pendingStock.clear()
      this.#view = applyRoomEvent(this.#view, stock)
      events.push(JSON.stringify(stock))
    }
    if (this.#viewersDue(nowMs)) {
      const viewers = { t: 'viewers' as const, viewers: this.#audience.watching }
      this.#viewersToldMs = nowMs
      this.#view = applyRoomEvent(this.#view, viewers)
      events.push(JSON.stringify(viewers))
    }
    this.#welcome.forget()
    const frame = frameText(`{"t":"tick","from":${from},"offset":${this.#log.offset},"events":[${events.join(',')}]}`)
    this.#audience.deliver(frame, nowMs)
  }

  #viewersDue(nowMs: number): boolean {
    const changed = this.#audience.watching !== this.#view.viewers
    return changed && nowMs - this.#viewersToldMs >= this.#limits.viewersEveryMs
  }

  /** A shelf's entries with the stock that is known here, which is newer than what a desk read for those that were on it before. */
  #learnShelf(items: readonly ShelfEntry[]): ShelfEntry[] {
    const fresh = items.map((entry) => ({ ...entry, stock: this.#stock.get(stockKey(entry)) ?? entry.stock }))
    this.#stock = new Map(fresh.map((entry) => [stockKey(entry), entry.stock]))
    for (const key of this.#pendingStock.keys()) if (!this.#stock.has(key)) this.#pendingStock.delete(key)
    return fresh
  }
}

function stockKey(sku: { readonly shopId: number; readonly skuId: number }): string {
  return `${sku.shopId}:${sku.skuId}`
}
