import { ROOM_CLOSE } from '@chunbo/contract'
import { TokenBucket } from '@chunbo/web-socket'
import type { RoomLimits } from './limits.ts'
import type { RoomClock } from './room-opening.ts'
import { type Lagging, type RoomSocket, type Session, toLagging, toLive, type Viewer } from './session.ts'
import type { SharedFrame } from './shared-frame.ts'

/** A frame on its way to all. */
interface UnderWay {
  readonly frame: SharedFrame
  readonly offset: number
  readonly number: number
  readonly nowMs: number
  /** Those who have not got it yet; whoever leaves is no longer among them. */
  readonly sessions: Iterator<Session, undefined>
}

const isTeam = (viewer: Viewer) => viewer.user?.isHost === true

/**
 * The sockets of a room and how far each is; knows nothing of what is said. Times are ms of a clock that never jumps.
 *
 * A reader is slow when too much waits for it in this process, or when it says what it has applied and that is overdue or too old: the
 * system's buffers and the network hold minutes of ticks that look as if they had been sent. A client that never says so is judged by what
 * waits here alone.
 */
export class Audience {
  readonly #limits: RoomLimits
  readonly #sessions = new Map<RoomSocket, Session>()
  readonly #lagging = new Set<RoomSocket>()
  readonly #team = new Set<RoomSocket>()
  /** Sockets that are no viewers: those before their hello, and the host's own team, who would count themselves. */
  #uncounted = 0
  #entries = 0
  #looks = 0
  /** Offset of the last frame that has been written to all. */
  #toldOffset = 0
  /** Frames to all so far, the one under way included. */
  #frames = 0
  #underWay: UnderWay | null = null
  readonly #soon: RoomClock['soon']
  /** What waits for the frame under way. */
  #next: (() => void) | null = null

  constructor(limits: RoomLimits, soon: RoomClock['soon']) {
    this.#limits = limits
    this.#soon = soon
  }

  /** Sockets in all, those before their hello included. */
  get size(): number {
    return this.#sessions.size
  }

  /** Those who said hello and are not of the host's team: the viewers. */
  get watching(): number {
    return this.#sessions.size - this.#uncounted
  }

  /** Viewers who came in with nothing known of the room; who only lost the line says where they were. */
  get entries(): number {
    return this.#entries
  }

  countEntry({ viewer }: Session): void {
    if (!isTeam(viewer)) this.#entries += 1
  }

  /** Lines over which a viewer opened the goods. */
  get looks(): number {
    return this.#looks
  }

  look(session: Session): void {
    if (!session.hasLooked && !isTeam(session.viewer)) this.#looks += 1
    session.hasLooked = true
  }

  get lagging(): number {
    return this.#lagging.size
  }

  /** Users who are viewers just now, each once, however many sockets they have. */
  viewerIds(): Set<number> {
    const ids = new Set<number>()
    for (const { state, viewer } of this.#sessions.values()) {
      if (state !== 'awaiting_hello' && viewer.user !== null && !viewer.user.isHost) ids.add(viewer.user.id)
    }
    return ids
  }

  /** Users of the host team who are here. */
  teamIds(): Set<number> {
    const ids = new Set<number>()
    for (const socket of this.#team) {
      const user = this.#sessions.get(socket)?.viewer.user
      if (user) ids.add(user.id)
    }
    return ids
  }

  find(socket: RoomSocket): Session | undefined {
    return this.#sessions.get(socket)
  }

  enter(socket: RoomSocket, viewer: Viewer, shared: readonly TokenBucket[], nowMs: number): void {
    this.#sessions.set(socket, {
      state: 'awaiting_hello',
      sinceMs: nowMs,
      socket,
      viewer,
      messages: new TokenBucket(this.#limits.messages, nowMs),
      shared,
      likes: null,
      hasLooked: false,
      heardMs: nowMs,
      pingedMs: nowMs,
      ackedOffset: -1,
      ackedMs: null,
      dueMs: null,
      knownFrame: 0,
    })
    if (isTeam(viewer)) this.#team.add(socket)
    this.#uncounted += 1
  }

  /** Forgets a socket. May be called twice, because a socket that is put out also reports its end. */
  leave(socket: RoomSocket): void {
    const session = this.#sessions.get(socket)
    if (session === undefined) return
    this.#sessions.delete(socket)
    this.#lagging.delete(socket)
    this.#team.delete(socket)
    if (session.state === 'awaiting_hello' || isTeam(session.viewer)) this.#uncounted -= 1
  }

  /** The first frame after hello; from now on the session gets ticks. */
  welcome(session: Session, frame: SharedFrame): void {
    if (session.state === 'awaiting_hello' && !isTeam(session.viewer)) this.#uncounted -= 1
    this.#begin(session)
    session.socket.send(frame)
  }

  /** Welcomes later, with `catchUp`, who has seen events up to an `offset` that is still to come here. */
  hold(session: Session, offset: number, nowMs: number): void {
    if (session.state === 'awaiting_hello' && !isTeam(session.viewer)) this.#uncounted -= 1
    this.#sessions.set(session.socket, toLagging(session, 'early', offset, nowMs))
    this.#lagging.add(session.socket)
  }

  /**
   * Writes one shared frame, after which a reader is at `offset`, to every live session that is not slow: to the first ones now, to the others
   * in turns with whatever else the process does. One that is still under way is written to its end before.
   */
  deliver(frame: SharedFrame, offset: number, nowMs: number): void {
    this.finish()
    this.#frames += 1
    const underWay = { frame, offset, number: this.#frames, nowMs, sessions: this.#sessions.values() }
    this.#underWay = underWay
    this.#goOn(underWay)
  }

  /** Takes a step now, or as soon as the frame under way has reached everybody; however often it is asked for until then, once. */
  whenFree(step: () => void): void {
    if (this.#underWay === null) step()
    else this.#next = step
  }

  /** Writes at once what is on its way. */
  finish(): void {
    while (this.#underWay !== null) this.#write(this.#underWay, Number.POSITIVE_INFINITY)
  }

  /** A frame for the host team alone. */
  deliverToTeam(frame: SharedFrame, nowMs: number): void {
    for (const socket of this.#team) {
      const session = this.#sessions.get(socket)
      if (session !== undefined) this.reply(session, frame, nowMs)
    }
  }

  /** A frame for one. A slow reader gets none, because what it asks for must not pile up either. */
  reply(session: Session, frame: SharedFrame, nowMs: number): void {
    if (session.state !== 'live') return
    if (session.socket.pendingBytes > this.#limits.slowBytes) this.#lag(session, 'unsent', nowMs)
    else session.socket.send(frame)
  }

  /** The client says that it has applied everything up to `offset`, the first event after which was sent `behindMs` ago. */
  acked(session: Session, offset: number, behindMs: number, nowMs: number): void {
    session.ackedOffset = Math.max(session.ackedOffset, offset)
    session.ackedMs = nowMs
    session.dueMs = null
    if (session.state === 'live' && behindMs > this.#limits.ackLagMs) this.#lag(session, 'unacked', nowMs)
  }

  /**
   * Brings lagging sessions that have drained back with one frame, the team with `extra` besides, and puts out those that lag for too long.
   */
  catchUp(frameFor: (session: Lagging) => SharedFrame, extra: () => Iterable<SharedFrame>, nowMs: number): void {
    for (const socket of this.#lagging) {
      const session = this.#sessions.get(socket)
      if (session?.state !== 'lagging') continue
      if (session.why === 'early' ? this.#toldOffset >= session.toldOffset : hasDrained(session)) {
        this.#lagging.delete(socket)
        const live = this.#begin(session)
        // It owes its next word from the snapshot on, not from what it was never sent.
        live.dueMs = null
        if (live.ackedMs !== null) live.ackedMs = nowMs
        socket.send(frameFor(session))
        if (isTeam(live.viewer)) for (const frame of extra()) socket.send(frame)
      } else if (nowMs - session.sinceMs >= this.#limits.lagMs) {
        this.leave(socket)
        socket.terminate()
      }
    }
  }

  /** Puts out who never said hello and who gives no sign of life; pings those who have been silent for a while. */
  sweep(nowMs: number): void {
    for (const session of this.#sessions.values()) {
      if (session.state === 'awaiting_hello' && nowMs - session.sinceMs >= this.#limits.helloMs) {
        this.putOut(session.socket, ROOM_CLOSE.badMessage, 'no hello')
      } else if (nowMs - session.heardMs >= this.#limits.silenceMs) {
        this.leave(session.socket)
        session.socket.terminate()
      } else if (nowMs - Math.max(session.pingedMs, session.heardMs) >= this.#limits.pingEveryMs) {
        session.pingedMs = nowMs
        // A lagging peer would only have the ping queued behind what it does not read.
        if (session.state !== 'lagging') session.socket.nudge()
      }
    }
  }

  /** The sockets of a user. Walks the room: for the rare times that a person is judged anew. */
  ofUser(userId: number): Session[] {
    return [...this.#sessions.values()].filter(({ viewer }) => viewer.user?.id === userId)
  }

  /** The same person with another name, badge or place; true when they have come into the host team by it. */
  judge(session: Session, viewer: Viewer): boolean {
    const was = isTeam(session.viewer)
    const is = isTeam(viewer)
    session.viewer = viewer
    if (was === is) return false
    if (session.state !== 'awaiting_hello') this.#uncounted += is ? 1 : -1
    if (is) this.#team.add(session.socket)
    else this.#team.delete(session.socket)
    return is
  }

  /** The numbering begins anew: what was said of the old one counts no more. */
  renumber(): void {
    for (const session of this.#sessions.values()) session.ackedOffset = -1
    this.#toldOffset = 0
  }

  putOut(socket: RoomSocket, code: number, reason: string): void {
    this.leave(socket)
    socket.close(code, reason)
  }

  closeAll(code: number, reason: string): void {
    for (const socket of [...this.#sessions.keys()]) this.putOut(socket, code, reason)
  }

  /** From now on it gets ticks. What it is told first has everything of the frame that is under way. */
  #begin(session: Session): Session {
    const live = toLive(session)
    live.knownFrame = this.#frames
    this.#sessions.set(session.socket, live)
    return live
  }

  #goOn(underWay: UnderWay): void {
    if (this.#underWay !== underWay) return
    if (!this.#write(underWay, this.#limits.sliceSockets)) this.#soon(() => this.#goOn(underWay))
  }

  /** Goes on for so many sockets; true when that was the last. Those who come meanwhile are at the end, and are known to know the frame. */
  #write({ frame, offset, number, nowMs, sessions }: UnderWay, socketsMax: number): boolean {
    for (let count = 0; count < socketsMax; count += 1) {
      const { value: session } = sessions.next()
      if (session === undefined) {
        this.#underWay = null
        this.#toldOffset = offset
        const step = this.#next
        this.#next = null
        step?.()
        return true
      }
      if (session.state !== 'live' || session.knownFrame >= number) continue
      if (this.#isFree(session, nowMs)) session.socket.send(frame)
    }
    return false
  }

  /** Whether a frame may be written to it now; also notes that its word is due by this frame, and marks it as lagging where it is slow. */
  #isFree(session: Session, nowMs: number): boolean {
    if (session.socket.pendingBytes > this.#limits.slowBytes) {
      this.#lag(session, 'unsent', nowMs)
      return false
    }
    if (session.ackedMs === null) return true
    // A client speaks at the latest with the first frame that comes so long after its last word; frames before that prove nothing.
    if (session.dueMs === null) {
      if (nowMs - session.ackedMs >= this.#limits.ackEveryMs) session.dueMs = nowMs
      return true
    }
    if (nowMs - session.dueMs < this.#limits.ackLagMs) return true
    this.#lag(session, 'unacked', nowMs)
    return false
  }

  #lag(session: Session, why: Lagging['why'], nowMs: number): void {
    this.#sessions.set(session.socket, toLagging(session, why, this.#toldOffset, nowMs))
    this.#lagging.add(session.socket)
  }
}

function hasDrained({ why, socket, sinceMs, toldOffset, ackedMs, ackedOffset }: Lagging): boolean {
  if (socket.pendingBytes > 0) return false
  return why === 'unsent' || (ackedMs !== null && ackedMs >= sinceMs && ackedOffset >= toldOffset)
}
