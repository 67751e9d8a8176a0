import type { RoomStatus } from '@chunbo/contract'

/**
 * The states of a room: scheduled -> live <-> paused -> ended, and scheduled -> ended. Video makes it live, silence pauses it, and only the
 * host's team or two hours of silence end it. Nothing leads out of ended.
 */

/** From which states video makes a room live. */
export const STARTS_FROM: readonly RoomStatus[] = ['scheduled', 'paused']
/** How long a publisher may be away before viewers are told: OBS comes back by itself within this time. */
export const PAUSE_GRACE_MS = 6_000
/** Silence after which a show counts as over. */
export const SILENCE_MAX_MS = 2 * 60 * 60_000
/** Seconds that an unpaid order of a room is kept. */
export const ROOM_HOLD_S = 300
export const OPEN_ROOMS_MAX = 200

const DAY_MS = 86_400_000

/** Whether a show may be scheduled for this time: not before yesterday, not after a year. */
export function mayBeScheduled(at: Date, now: Date): boolean {
  const aheadMs = at.getTime() - now.getTime()
  return aheadMs >= -DAY_MS && aheadMs <= 366 * DAY_MS
}
