import type { ScreenFigures } from '@chunbo/contract/evening'
import type { RoomView } from '@chunbo/contract/room-events'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { openRoomSocket } from '../live/room-socket.ts'
import { type ApiError, toApiError } from '../ui/api-error.ts'
import { loadScreen } from './api.ts'

const POLL_MS = 4_000
/** Figures older than this are shown with the time that they are of. */
const STALE_MS = 20_000

/**
 * What the wall shows: the sums by looking every few seconds, viewers and stock by the room's socket as they change. When the line
 * breaks everything stays as it was last seen, and both ways come back by themselves.
 */
export function useScreen(roomId: number) {
  const figures = shallowRef<ScreenFigures>()
  const view = shallowRef<RoomView>()
  const error = shallowRef<ApiError | null>(null)
  const nowMs = ref(Date.now())
  let seenMs = 0
  let looking = false
  let left = false

  async function look(): Promise<void> {
    if (looking || left) return
    looking = true
    try {
      figures.value = await loadScreen(roomId)
      error.value = null
      seenMs = Date.now()
    } catch (cause) {
      error.value = toApiError(cause)
    } finally {
      looking = false
    }
  }
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = openRoomSocket(`${scheme}://${window.location.host}/api/rooms/${roomId}/socket`, {
    view(next) {
      const isOther = next.pin?.pinnedAt !== view.value?.pin?.pinnedAt || next.room.status !== view.value?.room.status
      view.value = next
      // What is explained now is wanted on the wall at once.
      if (isOther) void look()
    },
    state() {},
    event() {},
    accepted() {},
    refused() {},
  })
  void look()
  const poll = window.setInterval(() => void look(), POLL_MS)
  const clock = window.setInterval(() => {
    nowMs.value = Date.now()
  }, 1000)
  const wake = () => {
    socket.reconnect()
    void look()
  }
  window.addEventListener('online', wake)
  onScopeDispose(() => {
    left = true
    window.clearInterval(poll)
    window.clearInterval(clock)
    window.removeEventListener('online', wake)
    socket.close()
  })

  const viewers = computed(() => view.value?.viewers ?? figures.value?.viewers ?? 0)
  const likes = computed(() => Math.max(view.value?.likes ?? 0, figures.value?.likes ?? 0))
  const status = computed(() => view.value?.room.status ?? figures.value?.room.status ?? 'scheduled')
  /** Stock of this moment, by SKU. */
  const stock = computed(() => new Map(view.value?.shelf.map((entry) => [entry.skuId, entry.stock])))
  /** Since when nothing new has come, or null. */
  const staleSince = computed(() =>
    figures.value !== undefined && nowMs.value - seenMs > STALE_MS ? Date.parse(figures.value.asOf) : null,
  )
  return { figures, viewers, likes, status, stock, error, staleSince, nowMs, look }
}
