import { ROOM_CLOSE } from '@chunbo/contract'
import type { RoomLimits } from './limits.ts'
import { type RoomSocket, type Session, toLagging, toLive, type Viewer } from './session.ts'
import type { SharedFrame } from './shared-frame.ts'
import { TokenBucket } from './token-bucket.ts'

const isTeam = (session: Session) => session.viewer.user?.isHost === true

/** The sockets of a room and how far each is; knows nothing of what is said. Times are ms of a clock that never jumps. */
export class Audience {
  readonly #limits: RoomLimits
  readonly #sessions = new Map<RoomSocket, Session>()
  readonly #lagging = new Set<RoomSocket>()
  /** Sockets that are no viewers: those before their hello, and the host's own team, who would count themselves. */
  #uncounted = 0

  constructor(limits: RoomLimits) {
    this.#limits = limits
  }

  /** Sockets in all, those before their hello included. */
  get size(): number {
    return this.#sessions.size
  }

  /** Those who said hello and are not of the host's team: the viewers. */
  get watching(): number {
    return this.#sessions.size - this.#uncounted
  }

  get lagging(): number {
    return this.#lagging.size
  }

  find(socket: RoomSocket): Session | undefined {
    return this.#sessions.get(socket)
  }

  enter(socket: RoomSocket, viewer: Viewer, nowMs: number): void {
    this.#sessions.set(socket, {
      state: 'awaiting_hello',
      sinceMs: nowMs,
      socket,
      viewer,
      messages: new TokenBucket(this.#limits.messages, nowMs),
      heardMs: nowMs,
      pingedMs: nowMs,
    })
    this.#uncounted += 1
  }

  /** Forgets a socket. May be called twice, because a socket that is put out also reports its end. */
  leave(socket: RoomSocket): void {
    const session = this.#sessions.get(socket)
    if (session === undefined) return
    this.#sessions.delete(socket)
    this.#lagging.delete(socket)
    if (session.state === 'awaiting_hello' || isTeam(session)) this.#uncounted -= 1
  }

  /** The first frame after hello; from now on the session gets ticks. */
  welcome(session: Session, frame: SharedFrame): void {
    if (session.state === 'awaiting_hello' && !isTeam(session)) this.#uncounted -= 1
    this.#sessions.set(session.socket, toLive(session))
    session.socket.send(frame)
  }

  /** Writes one shared frame to every live session; whoever has too much unsent is skipped and counts as lagging. */
  deliver(frame: SharedFrame, nowMs: number): void {
    for (const session of this.#sessions.values()) {
      if (session.state !== 'live') continue
      if (session.socket.pendingBytes > this.#limits.slowBytes) this.#lag(session, nowMs)
      else session.socket.send(frame)
    }
  }

  /** A frame for one. A slow reader gets none, because what it asks for must not pile up either. */
  reply(session: Session, frame: SharedFrame, nowMs: number): void {
    if (session.state !== 'live') return
    if (session.socket.pendingBytes > this.#limits.slowBytes) this.#lag(session, nowMs)
    else session.socket.send(frame)
  }

  /** Brings lagging sessions that have drained back with one snapshot, and puts out those that lag for too long. */
  catchUp(snapshot: () => SharedFrame, nowMs: number): void {
    for (const socket of this.#lagging) {
      const session = this.#sessions.get(socket)
      if (session?.state !== 'lagging') continue
      if (socket.pendingBytes === 0) {
        this.#lagging.delete(socket)
        this.#sessions.set(socket, toLive(session))
        socket.send(snapshot())
      } else if (nowMs - session.sinceMs >= this.#limits.lagMs) {
        this.leave(socket)
        socket.terminate()
      }
    }
  }

  /** Puts out who never said hello and who gives no sign of life; pings the others when it is time. */
  sweep(nowMs: number): void {
    for (const session of this.#sessions.values()) {
      if (session.state === 'awaiting_hello' && nowMs - session.sinceMs >= this.#limits.helloMs) {
        this.putOut(session.socket, ROOM_CLOSE.badMessage, 'no hello')
      } else if (nowMs - session.heardMs >= this.#limits.silenceMs) {
        this.leave(session.socket)
        session.socket.terminate()
      } else if (nowMs - session.pingedMs >= this.#limits.pingEveryMs) {
        session.pingedMs = nowMs
        // A lagging peer would only have the ping queued behind what it does not read.
        if (session.state !== 'lagging') session.socket.ping()
      }
    }
  }

  putOut(socket: RoomSocket, code: number, reason: string): void {
    this.leave(socket)
    socket.close(code, reason)
  }

  closeAll(code: number, reason: string): void {
    for (const socket of [...this.#sessions.keys()]) this.putOut(socket, code, reason)
  }

  #lag(session: Session, nowMs: number): void {
    this.#sessions.set(session.socket, toLagging(session, nowMs))
    this.#lagging.add(session.socket)
  }
}
