import { type DeskPanel, type DeskSeat, SEAT_BEAT_MS } from '@chunbo/contract/show'
import { onScopeDispose, type Ref, ref, watch } from 'vue'
import { makeUuid } from '../../ui/make-uuid.ts'
import { takeSeat } from './api.ts'

const SEATS: readonly string[] = ['host', 'assistant', 'moderator'] satisfies DeskSeat[]

/** A name for this tab that outlives a reload: two desks of one person are two. */
function deviceName(): string {
  const known = sessionStorage.getItem('chunbo.desk')
  if (known !== null) return known
  const fresh = makeUuid().slice(0, 13)
  sessionStorage.setItem('chunbo.desk', fresh)
  return fresh
}
function keptSeat(roomId: number): DeskSeat | undefined {
  const kept = sessionStorage.getItem(`chunbo.seat.${roomId}`)
  return kept !== null && SEATS.includes(kept) ? (kept as DeskSeat) : undefined
}

/**
 * Says to the others that somebody sits here, in which seat and at what, every twenty seconds and at once when that changes. A beat that
 * fails is made good by the next one.
 */
export function useSeat(roomId: number, first: DeskSeat, panel: Ref<DeskPanel | null>, over: Ref<boolean>) {
  const seat = ref<DeskSeat>(keptSeat(roomId) ?? first)
  const device = deviceName()
  const beat = () => {
    if (!over.value) takeSeat(roomId, seat.value, panel.value, device).catch(() => undefined)
  }
  function choose(next: DeskSeat): void {
    seat.value = next
    sessionStorage.setItem(`chunbo.seat.${roomId}`, next)
  }
  watch([seat, panel], beat, { immediate: true })
  const timer = window.setInterval(beat, SEAT_BEAT_MS)
  onScopeDispose(() => {
    window.clearInterval(timer)
    if (!over.value) takeSeat(roomId, null, null, device).catch(() => undefined)
  })
  return { seat, device, choose }
}
