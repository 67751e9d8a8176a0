import {
  ROOM_CLOSE,
  type RoomEvent,
  type RoomServerMessage,
  type RoomView,
  reconnectDelayMs,
  retryAfterMsOf,
} from '@chunbo/contract/room-events'
import { applyRoomMessage } from '@chunbo/contract/room-view'
import { openStreamTransport, type Position, type RoomTransport, type TransportEvents } from './room-stream.ts'

/**
 * The line to a room. It says hello with what it has, so that a broken line misses nothing; it takes a full state whenever the server
 * sends one; it says how far it is, so that the server sees a lag that buffers on the way hide; it notices a line that is dead without having
 * closed; and it comes back after a pause that grows, with full jitter. Where sockets fail again and again it takes an event stream instead, and
 * tries a socket again later.
 *
 * Invariant: at most one connection is current. What an older one still says or does is ignored.
 */
export type LineState = 'connecting' | 'open' | 'lost' | 'gone'
export interface RoomSocketEvents {
  view(view: RoomView): void
  state(state: LineState): void
  event(event: RoomEvent): void
  accepted(id: string, lineId: string): void
  /** The newest of a section of the desk; only the host team's line hears it. */
  desk?(section: string, data: unknown): void
  refused(id: string, texts: { zh: string; en: string }, code: string): void
  /** The server's wall clock minus `performance.now()` of this page, and how far it may be off. */
  clock?(aheadMs: number, withinMs: number): void
}
export interface RoomSocket {
  /** False when the line is not open; nothing is queued here. */
  say(id: string, text: string): boolean
  /** Hearts, at most LIKES_AT_ONCE_MAX at a time; false when the line is not open. */
  like(n: number): boolean
  /** The goods were opened; false when the line is not open. */
  look(): boolean
  /** Begins anew at once, for example after a sign-in: the server knows who speaks from the handshake. */
  reconnect(): void
  /** Asks for the server's clock now. */
  askClock(): void
  close(): void
}
export interface RoomSocketTimes {
  readonly pingMs: number
  /** Without any word from the server for so long the line counts as dead. */
  readonly silenceMs: number
  /** What was applied is acknowledged after so long at the latest. */
  readonly ackMs: number
  /** How long the first word of the server may take. */
  readonly firstMs: number
  /** How long a stream is kept before a socket is tried again; it doubles with each try in vain. */
  readonly backMs: number
  readonly random: () => number
}

const TIMES: RoomSocketTimes = {
  pingMs: 20_000,
  silenceMs: 45_000,
  ackMs: 5_000,
  firstMs: 10_000,
  backMs: 45_000,
  random: Math.random,
}
const BACK_MS_MAX = 15 * 60_000
/** After a word the server did not understand, coming back soon would only repeat it. */
const DEFECT_PAUSE_MS = 60_000
/** Sockets in a row that brought nothing, or broke at once, after which a stream is tried. */
const SOCKET_TRIES = 3
const BROKEN_SOON_MS = 10_000
/** A whole room hears a rare tick at once; its words need not arrive in one instant. */
const SPREAD_MS = 1_000

/** `url` is that of the room's socket; the stream is beside it. Times that are not given are the usual ones. */
export function openRoomSocket(url: string, on: RoomSocketEvents, given: Partial<RoomSocketTimes> = {}): RoomSocket {
  const times = { ...TIMES, ...given }
  const streamUrl = url.replace(/^ws/, 'http').replace(/\/socket$/, '/stream')
  let current: RoomTransport | null = null
  let view: RoomView | null = null
  let attempt = 0
  let socketFails = 0
  let via: 'socket' | 'stream' = 'socket'
  let backMs = times.backMs
  /** A socket is tried while a stream is known to work, so that nobody need be told. */
  let isTrial = false
  let openedAtMs = 0
  let heardAtMs = 0
  let hasHeard = false
  let ackedAtMs = Number.NEGATIVE_INFINITY
  let ackDueAtMs = 0
  let closed = false
  let pingedAtMs = 0
  let again: ReturnType<typeof setTimeout> | undefined
  let back: ReturnType<typeof setTimeout> | undefined
  let ack: ReturnType<typeof setTimeout> | undefined

  function sayHowFar(): void {
    clearTimeout(ack)
    ack = undefined
    if (view === null) return
    ackedAtMs = performance.now()
    current?.send({ t: 'ack', offset: view.offset })
  }

  /** What was applied is acknowledged soon. Timers of a hidden page may sleep, so an overdue word goes out with what came. */
  function oweAck(): void {
    const nowMs = performance.now()
    if (ack !== undefined) {
      if (nowMs > ackDueAtMs) sayHowFar()
      return
    }
    const sinceMs = nowMs - ackedAtMs
    const firstMs = times.random() * times.ackMs
    const waitMs =
      ackedAtMs < openedAtMs ? firstMs : sinceMs < times.ackMs ? times.ackMs - sinceMs : times.random() * SPREAD_MS
    ackDueAtMs = nowMs + waitMs + SPREAD_MS
    ack = setTimeout(sayHowFar, waitMs)
  }

  /** The first word of a connection: it works. */
  function settle(): void {
    attempt = 0
    isTrial = false
    clearTimeout(back)
    if (via === 'stream') {
      back = setTimeout(tryBack, backMs * (0.5 + times.random()))
      backMs = Math.min(backMs * 2, BACK_MS_MAX)
    }
    on.state('open')
  }

  /** From a stream that works back to a socket, with what was applied; nothing is lost by it. */
  function tryBack(): void {
    current?.close()
    via = 'socket'
    socketFails = SOCKET_TRIES - 1
    isTrial = true
    open()
  }

  function take(message: RoomServerMessage): void {
    const next = applyRoomMessage(view, message)
    if (next.gap) {
      view = null
      current?.close()
      drop(1006, 0)
      return
    }
    if (next.view !== null && next.view !== view) {
      view = next.view
      on.view(view)
      oweAck()
    }
    switch (message.t) {
      case 'snapshot':
        settle()
        break
      case 'resumed':
        settle()
        message.events.forEach(on.event)
        break
      case 'tick':
        message.events.forEach(on.event)
        break
      case 'accepted':
        on.accepted(message.id, message.lineId)
        break
      case 'refused':
        on.refused(message.id, message.texts, message.code)
        break
      case 'pong': {
        const withinMs = (performance.now() - pingedAtMs) / 2
        on.clock?.(message.nowMs - pingedAtMs - withinMs, withinMs)
        break
      }
      case 'desk':
        on.desk?.(message.section, message.data)
        break
    }
  }

  /** Chooses what to open next, by how the last one went. */
  function learn(code: number): void {
    const brokeSoon = code === 1006 && performance.now() - openedAtMs < BROKEN_SOON_MS
    if (via === 'stream') {
      // A stream that brings nothing either: then it is not the sockets. One that worked is opened anew.
      if (!hasHeard) via = 'socket'
      return
    }
    if (hasHeard && !brokeSoon) {
      socketFails = 0
      backMs = times.backMs
      return
    }
    socketFails += 1
    if (socketFails >= SOCKET_TRIES) via = 'stream'
  }

  function drop(code: number, retryAfterMs: number): void {
    current = null
    clearTimeout(ack)
    clearTimeout(back)
    ack = undefined
    if (closed) return
    if (code === ROOM_CLOSE.noRoom || code === ROOM_CLOSE.notAllowed) {
      on.state('gone')
      return
    }
    learn(code)
    if (isTrial) {
      isTrial = false
      open()
      return
    }
    on.state('lost')
    const leastMs = code === ROOM_CLOSE.badMessage ? DEFECT_PAUSE_MS : retryAfterMs
    clearTimeout(again)
    again = setTimeout(open, leastMs + reconnectDelayMs(attempt, times.random()))
    attempt += 1
  }

  function open(): void {
    clearTimeout(again)
    if (closed) return
    hasHeard = false
    openedAtMs = performance.now()
    heardAtMs = openedAtMs
    if (!isTrial) on.state('connecting')
    const from = view === null ? null : { epoch: view.epoch, offset: view.offset }
    const mine: RoomTransport = (via === 'socket' ? openSocketTransport : openStreamTransport)(
      via === 'socket' ? url : streamUrl,
      from,
      {
        message(message) {
          if (mine !== current) return
          hasHeard = true
          heardAtMs = performance.now()
          take(message)
        },
        end(code, retryAfterMs) {
          if (mine === current) drop(code, retryAfterMs)
        },
      },
    )
    current = mine
  }

  const beats = setInterval(() => {
    const nowMs = performance.now()
    if (current === null || nowMs - heardAtMs <= (hasHeard ? times.silenceMs : times.firstMs)) return
    const dead = current
    drop(1006, 0)
    dead.close()
  }, Math.min(times.firstMs, times.silenceMs) / 4)
  function ping(): void {
    pingedAtMs = performance.now()
    current?.send({ t: 'ping' })
  }
  // A line that brings something is alive, and ten thousand pings with their answers are a burden to a room.
  const pings = setInterval(() => {
    if (performance.now() - heardAtMs >= times.pingMs / 2) ping()
  }, times.pingMs)

  open()
  return {
    say: (id, text) => current?.send({ t: 'chat', id, text }) === true,
    like: (n) => current?.send({ t: 'like', n }) === true,
    look: () => current?.send({ t: 'look' }) === true,
    reconnect() {
      const old = current
      current = null
      old?.close()
      attempt = 0
      open()
    },
    askClock: ping,
    close() {
      closed = true
      for (const timer of [again, back, ack]) clearTimeout(timer)
      clearInterval(beats)
      clearInterval(pings)
      current?.close()
      current = null
    },
  }
}

function openSocketTransport(url: string, from: Position | null, on: TransportEvents): RoomTransport {
  const socket = new WebSocket(url)
  let closed = false
  socket.addEventListener('open', () => socket.send(JSON.stringify({ t: 'hello', ...from })))
  socket.addEventListener('message', (event) => {
    if (!closed) on.message(JSON.parse(String(event.data)) as RoomServerMessage)
  })
  socket.addEventListener('close', (event) => {
    if (closed) return
    closed = true
    on.end(event.code, retryAfterMsOf(event.reason))
  })
  return {
    send(message) {
      if (socket.readyState !== WebSocket.OPEN) return false
      socket.send(JSON.stringify(message))
      return true
    },
    close() {
      closed = true
      socket.close()
    },
  }
}
