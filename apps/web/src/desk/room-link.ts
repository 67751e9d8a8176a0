import {
  ROOM_CLOSE,
  type RoomClientMessage,
  type RoomEvent,
  type RoomServerMessage,
  type RoomView,
  reconnectDelayMs,
} from '@chunbo/contract/room-events'
import { applyRoomMessage } from '@chunbo/contract/room-view'
import { onScopeDispose, type Ref, ref, shallowRef } from 'vue'
import { makeUuid } from '../ui/make-uuid.ts'

const PING_MS = 20_000
const SAY_TIMEOUT_MS = 10_000

export type Said = { ok: true } | { ok: false; texts: { zh: string; en: string } | null }

export interface RoomLink {
  readonly view: Ref<RoomView | null>
  readonly connected: Ref<boolean>
  /** Says a line; answered once the room has it, refused it, or ten seconds have passed. The same id again is said once. */
  say(text: string, id?: string): Promise<Said>
}

/**
 * The socket of a room while the component lives: hello with what is known, so that a broken line misses nothing; a full state
 * whenever the server sends one; and back after a pause that grows, except where coming back is no use. `hear` gets each event.
 */
export function useRoomLink(roomId: number, hear: (event: RoomEvent) => void): RoomLink {
  const view = shallowRef<RoomView | null>(null)
  const connected = ref(false)
  const waiting = new Map<string, (said: Said) => void>()
  let socket: WebSocket | undefined
  let attempt = 0
  let timer = 0
  let closed = false

  const tell = (message: RoomClientMessage) =>
    socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message))

  function take(message: RoomServerMessage): void {
    const { view: next, gap } = applyRoomMessage(view.value, message)
    if (gap) {
      view.value = null
      socket?.close()
      return
    }
    view.value = next
    if (message.t === 'snapshot' || message.t === 'resumed') {
      connected.value = true
      attempt = 0
    }
    if (message.t === 'tick' || message.t === 'resumed') message.events.forEach(hear)
    if (message.t === 'accepted') answer(message.id, { ok: true })
    if (message.t === 'refused') answer(message.id, { ok: false, texts: message.texts })
  }
  function answer(id: string, said: Said): void {
    waiting.get(id)?.(said)
    waiting.delete(id)
  }
  function open(): void {
    window.clearTimeout(timer)
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
    const mine = new WebSocket(`${scheme}://${window.location.host}/api/rooms/${roomId}/socket`)
    socket = mine
    mine.onopen = () => {
      const known = view.value
      tell(known ? { t: 'hello', epoch: known.epoch, offset: known.offset } : { t: 'hello' })
    }
    mine.onmessage = (event: MessageEvent<string>) => {
      if (mine === socket) take(JSON.parse(event.data) as RoomServerMessage)
    }
    mine.onclose = (event) => {
      if (mine !== socket) return
      connected.value = false
      if (closed || event.code === ROOM_CLOSE.noRoom) return
      timer = window.setTimeout(open, reconnectDelayMs(attempt, Math.random()))
      attempt += 1
    }
  }
  const backOnline = () => {
    if (!connected.value) open()
  }
  const pings = window.setInterval(() => tell({ t: 'ping' }), PING_MS)
  window.addEventListener('online', backOnline)
  onScopeDispose(() => {
    closed = true
    window.clearTimeout(timer)
    window.clearInterval(pings)
    window.removeEventListener('online', backOnline)
    socket?.close()
  })
  open()

  function say(text: string, id = makeUuid()): Promise<Said> {
    return new Promise((resolve) => {
      if (!tell({ t: 'chat', id, text })) {
        resolve({ ok: false, texts: null })
        return
      }
      waiting.set(id, resolve)
      window.setTimeout(() => answer(id, { ok: false, texts: null }), SAY_TIMEOUT_MS)
    })
  }
  return { view, connected, say }
}
