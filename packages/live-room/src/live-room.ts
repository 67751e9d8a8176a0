import {
  closeReason,
  ROOM_CLOSE,
  type RoomClientMessage,
  type RoomServerMessage,
  type RoomStreamEvent,
  type RoomView,
  type StockLevel,
} from '@chunbo/contract'
import { TokenBucket } from '@chunbo/web-socket'
import { Audience } from './audience.ts'
import { readClientMessage } from './client-message.ts'
import { RETRY_S, type RoomLimits } from './limits.ts'
import type { SharedEntry, SharedStream, StateEvent } from './room-bus.ts'
import { RoomLatest } from './room-latest.ts'
import type { RoomClock, RoomFigures, RoomHooks, RoomOpening } from './room-opening.ts'
import { RoomOrder } from './room-order.ts'
import { soldOutOf } from './room-stock.ts'
import { RoomTalk } from './room-talk.ts'
import type { RoomSocket, Session, Viewer } from './session.ts'
import { frameText, type SharedFrame } from './shared-frame.ts'
import type { Outlet } from './shared-rooms.ts'

/**
 * One room. What happens gathers until the tick; the tick numbers it, applies it to the view, encodes it once and writes the same bytes to
 * everyone. A snapshot is always the view of the last tick with that tick's offset, so whoever joins between two ticks gets the state before
 * the gathered events and then the events: nothing is missing and nothing comes twice. Snapshots and resumes are encoded at most once between
 * two ticks, however many come back at once.
 */
export class LiveRoom {
  readonly id: number
  readonly #limits: RoomLimits
  readonly #clock: RoomClock
  readonly #audience: Audience
  readonly #talk: RoomTalk
  readonly #order: RoomOrder
  readonly #latest: RoomLatest
  readonly #outlet: Outlet | null
  /** On its own although it is to be one of several nodes'. */
  #isCut = false
  /** Viewers at other nodes. */
  elsewhere = 0
  #viewersPeak = 0
  /** The newest of each section of the desk, encoded. */
  #desk = new Map<string, SharedFrame>()
  /** Since when nobody is in it. */
  #emptySinceMs: number

  /** With an `outlet` the room is one of several nodes', and `shared` is where their stream stands, null when nobody can say. */
  constructor(
    opening: RoomOpening,
    limits: RoomLimits,
    clock: RoomClock,
    hooks: RoomHooks,
    outlet: Outlet | null = null,
    shared: SharedStream | null = null,
  ) {
    this.id = opening.room.id
    this.#limits = limits
    this.#clock = clock
    this.#audience = new Audience(limits, clock.soon)
    this.#talk = new RoomTalk(this.id, opening.chat, limits, clock, hooks, (entry) => this.#addLine(entry))
    this.#order = new RoomOrder(limits, opening, shared)
    this.#outlet = outlet
    this.#latest = new RoomLatest(limits, opening.extras.likes, clock.steadyMs())
    this.#latest.stock.learn(opening.shelf)
    this.#emptySinceMs = clock.steadyMs()
  }

  /** The state as of the last tick. */
  get view(): RoomView {
    return this.#order.view
  }

  get figures(): RoomFigures {
    return {
      likes: this.#latest.likes,
      viewers: this.#viewers,
      viewersPeak: this.#viewersPeak,
      entries: this.#audience.entries,
      looks: this.#audience.looks,
      sockets: this.#audience.size,
      lagging: this.#audience.lagging,
    }
  }

  /** Users who watch just now, each once; the host's own team is not among them. */
  viewerIds(): Set<number> {
    return this.#audience.viewerIds()
  }

  hasUser(userId: number): boolean {
    return this.#audience.ofUser(userId).length > 0
  }

  /** Users of the host team who are here. */
  teamIds(): Set<number> {
    return this.#audience.teamIds()
  }

  /** Whether it can be forgotten: nobody is in it, and has not been for a while. */
  isIdle(): boolean {
    const emptyMs = this.#clock.steadyMs() - this.#emptySinceMs
    return this.#audience.size === 0 && !this.#order.waits && emptyMs >= this.#limits.idleRoomMs
  }

  // ---- sockets

  /** `shared` are limits of messages that the socket shares with others. */
  join(socket: RoomSocket, viewer: Viewer, shared: readonly TokenBucket[] = []): void {
    if (this.#audience.size >= this.#limits.viewersMax) {
      socket.close(ROOM_CLOSE.standardTryLater, closeReason('room full', RETRY_S.full))
      return
    }
    this.#audience.enter(socket, viewer, shared, this.#clock.steadyMs())
  }

  leave(socket: RoomSocket): void {
    this.#audience.leave(socket)
    if (this.#audience.size === 0) this.#emptySinceMs = this.#clock.steadyMs()
  }

  /** A ping or pong frame: a sign of life, and of the same flood limit as messages, because a ping costs an answer. */
  heard(socket: RoomSocket): void {
    this.#hear(socket)
  }

  /** A text message of a socket. What is not of the contract and a flood end the session. */
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

  /**
   * Judges a person anew: their sockets get another name, badge, level or place in the team, or are put out with null.
   * Returns how many sockets there were.
   */
  judgeUser(userId: number, user: Viewer['user']): number {
    const sessions = this.#audience.ofUser(userId)
    for (const session of sessions) {
      if (user === null) this.#audience.putOut(session.socket, ROOM_CLOSE.notAllowed, 'not allowed')
      else if (this.#audience.judge(session, { user }) && session.state === 'live') this.#showDesk(session)
    }
    return sessions.length
  }

  /** Tells what has gathered, then puts everybody out. */
  closeAll(code: number, reason: string): void {
    this.#flushAll()
    this.#audience.closeAll(code, reason)
  }

  // ---- what happens

  /** Adds to the stream with the next tick, or at once what nobody must miss. */
  publish(event: RoomStreamEvent, when: 'tick' | 'now' = 'tick'): void {
    this.#add({ event, when })
  }

  /** New counts of an open drop, in the order of its kind; only the newest are told, with the next tick. */
  setCounts(dropId: number, counts: readonly number[]): void {
    this.hearCounts(dropId, counts)
    this.#outlet?.tell({ t: 'counts', roomId: this.id, dropId, counts })
  }

  /** The same from another node. */
  hearCounts(dropId: number, counts: readonly number[]): void {
    this.#latest.setCounts(dropId, counts)
  }

  /** The newest of a section of the desk, for the host team's sockets only; whoever of them comes later gets it with the first frame. */
  tellDesk(section: string, data: unknown): void {
    this.hearDesk(section, data)
    this.#outlet?.tell({ t: 'desk', roomId: this.id, section, data })
  }

  /** The same from another node. */
  hearDesk(section: string, data: unknown): void {
    const frame = frameText(JSON.stringify({ t: 'desk', section, data } satisfies RoomServerMessage))
    this.#desk.set(section, frame)
    this.#audience.deliverToTeam(frame, this.#clock.steadyMs())
  }

  /**
   * Adds state that is settled in SQL, unless a newer version of the same part is known: two desks' commits may be told in the wrong
   * order. The same version again is let through: a shelf changes with its SKUs while the room stands still. A pin, an unpin and a change of status go out at once.
   */
  publishState(event: StateEvent, version: number): void {
    if (this.#order.isStale(event, version)) return
    const isUrgent = event.t === 'pin' || event.t === 'unpin' || event.t === 'status'
    this.#add({ event, version, when: isUrgent ? 'now' : 'tick' })
  }

  /** An event in its place in the order. */
  take(entry: SharedEntry): void {
    this.#order.take(this.#withStock(entry))
    if (entry.when === 'now') this.#flush()
  }

  /** New stock levels, of which those on the shelf are told with the next tick; the last pack going is told at once. */
  setStock(levels: readonly StockLevel[]): void {
    const soldOut = this.#latest.stock.set(levels)
    for (const level of soldOut) this.#add(soldOutOf(level))
    if (soldOut.length > 0) this.#flush()
  }

  /** Tells what has gathered, then looks after the slow. To be called every `tickMs`. */
  tick(): void {
    const nowMs = this.#clock.steadyMs()
    if (this.#order.waits || this.#latest.isDue(this.view, this.#viewers, nowMs)) this.#flush()
    if (this.#audience.lagging === 0) return
    this.#audience.catchUp(
      ({ why, toldOffset }) =>
        (why === 'early' ? this.#order.resume(this.view.epoch, toldOffset) : null) ?? this.#order.snapshot(),
      () => this.#desk.values(),
      nowMs,
    )
  }

  /** Housekeeping, every few seconds. */
  sweep(): void {
    const nowMs = this.#clock.steadyMs()
    this.#audience.sweep(nowMs)
    this.#talk.sweep(nowMs)
    if (this.#audience.size > 0) this.#emptySinceMs = nowMs
  }

  // ---- one of several nodes

  get isCut(): boolean {
    return this.#isCut
  }

  /** The event of an offset of the common order; false when it is not the next one, and the room has to begin anew. */
  takeShared(epoch: string, offset: number, entry: SharedEntry): boolean {
    const isNext = this.#order.takeShared(epoch, offset, this.#withStock(entry))
    if (isNext && entry.when === 'now') this.#flush()
    return isNext
  }

  /** Goes on alone, in an epoch of its own, from what is seen here. */
  cut(): void {
    if (this.#isCut || this.#outlet === null) return
    this.#flushAll()
    this.#isCut = true
    this.#order.beginAlone()
    this.#sendAnew()
  }

  /** Begins anew in the common order, from what SQL and the stream say. */
  adopt(opening: RoomOpening, shared: SharedStream): void {
    this.#isCut = false
    this.#audience.finish()
    this.#latest.stock.forget()
    this.#latest.stock.learn(opening.shelf)
    this.#order.beginShared(opening, shared, { viewers: this.#viewers, likes: this.#latest.likes })
    this.#sendAnew()
  }

  /** Who is here, and the hearts since this was asked last. */
  takeCrowd(): { viewers: number; hearts: number; likes: number } {
    return { viewers: this.#audience.watching, ...this.#latest.takeHearts() }
  }

  /** Hearts that another node counted; it knows of `likes` in all. */
  hearHearts(hearts: number, likes: number): void {
    this.#latest.hearHearts(hearts, likes)
  }

  // ---- inside
  get #viewers(): number {
    return this.#audience.watching + this.elsewhere
  }

  /** Everybody gets a snapshot, which always wins, also over another numbering. */
  #sendAnew(): void {
    this.#audience.renumber()
    this.#audience.deliver(this.#order.snapshot(), this.#order.offset, this.#clock.steadyMs())
    this.#audience.finish()
  }

  /** Into the order: the common one where there is one, or else this room's own. */
  #add(entry: SharedEntry): void {
    if (this.#outlet === null || this.#isCut) this.take(entry)
    else void this.#outlet.append(this, entry)
  }

  /** A line of the chat, which nobody puts in order while several nodes cannot agree on one. */
  #addLine(entry: SharedEntry): null | Promise<string | null | false> {
    if (this.#outlet !== null) return this.#isCut ? Promise.resolve(false) : this.#outlet.append(this, entry)
    this.take(entry)
    return null
  }

  /** A shelf with the stock that is known here, which is newer than what a desk read. */
  #withStock(entry: SharedEntry): SharedEntry {
    const { event } = entry
    return event.t === 'shelf' ? { ...entry, event: { ...event, items: this.#latest.stock.learn(event.items) } } : entry
  }

  #hear(socket: RoomSocket): Session | null {
    const session = this.#audience.find(socket)
    if (session === undefined) return null
    const nowMs = this.#clock.steadyMs()
    session.heardMs = nowMs
    if (session.messages.take(nowMs) === 0 && session.shared.every((bucket) => bucket.take(nowMs) === 0)) return session
    this.#audience.putOut(socket, ROOM_CLOSE.tooMany, closeReason('too many messages', RETRY_S.flood))
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
        // The session may have changed its state while the answer was waited for.
        this.#talk.say(session.viewer.user, this.view, message, (answer) => {
          const now = this.#audience.find(session.socket)
          if (now !== undefined) this.#reply(now, answer)
        })
        return
      case 'like':
        this.#like(session, message.n)
        return
      case 'look':
        this.#audience.look(session)
        return
      case 'ack':
        this.#note(session, message.offset)
    }
  }

  #greet(session: Session, epoch: string | undefined, offset: number | undefined): void {
    const known = epoch !== undefined && offset !== undefined
    if (!known) this.#audience.countEntry(session)
    if (this.#outlet !== null && known && this.#order.isAhead(epoch, offset)) {
      this.#audience.hold(session, offset, this.#clock.steadyMs())
      return
    }
    const resumed = known ? this.#order.resume(epoch, offset) : null
    this.#audience.welcome(session, resumed ?? this.#order.snapshot())
    if (session.viewer.user?.isHost) this.#showDesk(session)
  }

  #showDesk(session: Session): void {
    for (const frame of this.#desk.values()) session.socket.send(frame)
  }

  /** Hearts over the limit of the socket or of the room are not counted, and nobody is told: they are not worth an answer. */
  #like(session: Session, count: number): void {
    if (this.view.room.status === 'ended') return
    const nowMs = this.#clock.steadyMs()
    session.likes ??= new TokenBucket(this.#limits.likes, nowMs)
    this.#latest.like(session.likes.takeUpTo(count, nowMs), nowMs)
  }

  /** How far a client says it is. It cannot be further than what was sent. */
  #note(session: Session, offset: number): void {
    const nowMs = this.#clock.steadyMs()
    const applied = Math.min(offset, this.#order.offset)
    this.#audience.acked(session, applied, this.#order.behindMs(applied, nowMs), nowMs)
  }

  #reply(session: Session, message: RoomServerMessage): void {
    this.#audience.reply(session, frameText(JSON.stringify(message)), this.#clock.steadyMs())
  }

  /** Tells what waits, when the frame before has reached everybody; what comes until then goes along. */
  #flush(): void {
    this.#audience.whenFree(this.#tell)
  }

  readonly #tell = (): void => {
    const nowMs = this.#clock.steadyMs()
    const frame = this.#order.flush((view) => this.#latest.take(view, this.#viewers, nowMs), nowMs)
    this.#audience.deliver(frame, this.#order.offset, nowMs)
  }

  #flushAll(): void {
    this.#audience.finish()
    if (this.#order.waits) this.#flush()
    this.#audience.finish()
  }
}
