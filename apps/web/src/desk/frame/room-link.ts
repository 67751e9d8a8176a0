import type { RoomEvent, RoomView } from '@chunbo/contract/room-events'
import { computed, onScopeDispose, type Ref, ref, shallowRef } from 'vue'
import { type LineState, openRoomSocket } from '../../live/room-socket.ts'
import { makeUuid } from '../../ui/make-uuid.ts'

const SAY_TIMEOUT_MS = 10_000

/** What became of a line that was said; `texts` is why it was refused, null when no answer came. */
export type Said = { ok: true } | { ok: false; texts: { zh: string; en: string } | null }

export interface RoomLink {
  readonly view: Ref<RoomView | null>
  readonly connected: Readonly<Ref<boolean>>
  /** Says a line; answered once the room has it, refused it, or ten seconds have passed. The same id again is said once. */
  say(text: string, id?: string): Promise<Said>
}
export interface RoomLinkEvents {
  /** Gets each event after it is in the view. */
  event(event: RoomEvent): void
  /** Gets the newest of a section of the desk. */
  desk(section: string, data: unknown): void
}

/** The room's socket while the component lives. */
export function useRoomLink(roomId: number, on: RoomLinkEvents): RoomLink {
  const view = shallowRef<RoomView | null>(null)
  const state = ref<LineState>('connecting')
  const waiting = new Map<string, (said: Said) => void>()

  function answer(id: string, said: Said): void {
    waiting.get(id)?.(said)
    waiting.delete(id)
  }
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = openRoomSocket(`${scheme}://${window.location.host}/api/rooms/${roomId}/socket`, {
    view: (next) => {
      view.value = next
    },
    state: (next) => {
      state.value = next
    },
    event: on.event,
    desk: on.desk,
    accepted: (id) => answer(id, { ok: true }),
    refused: (id, texts) => answer(id, { ok: false, texts }),
  })
  const wake = () => {
    if (state.value === 'lost') socket.reconnect()
  }
  window.addEventListener('online', wake)
  onScopeDispose(() => {
    window.removeEventListener('online', wake)
    socket.close()
  })

  function say(text: string, id = makeUuid()): Promise<Said> {
    return new Promise((resolve) => {
      if (!socket.say(id, text)) {
        resolve({ ok: false, texts: null })
        return
      }
      waiting.set(id, resolve)
      window.setTimeout(() => answer(id, { ok: false, texts: null }), SAY_TIMEOUT_MS)
    })
  }
  return { view, connected: computed(() => state.value === 'open'), say }
}
