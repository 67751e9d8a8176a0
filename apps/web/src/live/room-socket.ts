import {
  ROOM_CLOSE,
  type RoomClientMessage,
  type RoomEvent,
  type RoomServerMessage,
  type RoomView,
  reconnectDelayMs,
} from '@chunbo/contract/room-events'
import { applyRoomMessage } from '@chunbo/contract/room-view'

/**
 * The line to a room. It says hello with what it has, so that a broken line misses nothing; it takes a full state whenever the server
 * sends one; it notices a line that is dead without having closed; and it comes back after a pause that grows, with full jitter.
 *
 * Invariant: at most one socket is current. What an older one still says or does is ignored.
 */
export type LineState = 'connecting' | 'open' | 'lost' | 'gone'
export interface RoomSocketEvents {
  view(view: RoomView): void
  state(state: LineState): void
  event(event: RoomEvent): void
  accepted(id: string, lineId: string): void
  refused(id: string, texts: { zh: string; en: string }): void
}
export interface RoomSocket {
  /** False when the line is not open; nothing is queued here. */
  say(id: string, text: string): boolean
  /** Begins anew at once, for example after a sign-in: the server knows who speaks from the handshake. */
  reconnect(): void
  close(): void
}
export interface RoomSocketTimes {
  readonly pingMs: number
  /** Without any word from the server for so long the line counts as dead. */
  readonly silenceMs: number
  readonly random: () => number
}

const TIMES: RoomSocketTimes = { pingMs: 20_000, silenceMs: 45_000, random: Math.random }
/** After a word the server did not understand, coming back soon would only repeat it. */
const DEFECT_PAUSE_MS = 60_000

export function openRoomSocket(url: string, on: RoomSocketEvents, times: RoomSocketTimes = TIMES): RoomSocket {
  let socket: WebSocket | null = null
  let view: RoomView | null = null
  let attempt = 0
  let heardAtMs = 0
  let closed = false
  let again: ReturnType<typeof setTimeout> | undefined

  function tell(message: RoomClientMessage): boolean {
    if (socket?.readyState !== WebSocket.OPEN) return false
    socket.send(JSON.stringify(message))
    return true
  }

  function take(message: RoomServerMessage): void {
    const next = applyRoomMessage(view, message)
    if (next.gap) {
      view = null
      socket?.close()
      return
    }
    if (next.view !== null && next.view !== view) {
      view = next.view
      on.view(view)
    }
    switch (message.t) {
      case 'snapshot':
        attempt = 0
        on.state('open')
        break
      case 'resumed':
        attempt = 0
        on.state('open')
        message.events.forEach(on.event)
        break
      case 'tick':
        message.events.forEach(on.event)
        break
      case 'accepted':
        on.accepted(message.id, message.lineId)
        break
      case 'refused':
        on.refused(message.id, message.texts)
        break
      case 'pong':
        break
    }
  }

  function drop(code: number): void {
    socket = null
    if (closed) return
    if (code === ROOM_CLOSE.noRoom) {
      on.state('gone')
      return
    }
    on.state('lost')
    const pauseMs = code === ROOM_CLOSE.badMessage ? DEFECT_PAUSE_MS : reconnectDelayMs(attempt, times.random())
    attempt += 1
    clearTimeout(again)
    again = setTimeout(open, pauseMs)
  }

  function open(): void {
    clearTimeout(again)
    if (closed) return
    const mine = new WebSocket(url)
    socket = mine
    heardAtMs = Date.now()
    on.state('connecting')
    mine.addEventListener('open', () => {
      if (mine !== socket) return
      tell(view === null ? { t: 'hello' } : { t: 'hello', epoch: view.epoch, offset: view.offset })
    })
    mine.addEventListener('message', (event) => {
      if (mine !== socket) return
      heardAtMs = Date.now()
      take(JSON.parse(String(event.data)) as RoomServerMessage)
    })
    mine.addEventListener('close', (event) => {
      if (mine === socket) drop(event.code)
    })
  }

  const pings = setInterval(() => {
    if (socket === null) return
    if (Date.now() - heardAtMs > times.silenceMs) {
      const dead = socket
      drop(1006)
      dead.close()
    } else tell({ t: 'ping' })
  }, times.pingMs)

  open()
  return {
    say: (id, text) => tell({ t: 'chat', id, text }),
    reconnect() {
      const old = socket
      socket = null
      old?.close()
      attempt = 0
      open()
    },
    close() {
      closed = true
      clearTimeout(again)
      clearInterval(pings)
      socket?.close()
      socket = null
    },
  }
}
