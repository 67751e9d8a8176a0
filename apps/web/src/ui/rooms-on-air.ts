/**
 * Rooms of which a list has just said that they are on air and not crowded: at the tap on one the line for its picture is opened at once,
 * beside its page and not after. In a crowd the room's own answer says first how the picture may be had.
 */
const QUIET_VIEWERS_MAX = 500
const FRESH_MS = 60_000
const seenAtMs = new Map<number, number>()

export function noteOnAir(rooms: readonly { id: number; viewers: number }[]): void {
  for (const { id, viewers } of rooms) {
    if (viewers <= QUIET_VIEWERS_MAX) seenAtMs.set(id, performance.now())
    else seenAtMs.delete(id)
  }
}

export function isQuietlyOnAir(roomId: number): boolean {
  return performance.now() - (seenAtMs.get(roomId) ?? Number.NEGATIVE_INFINITY) < FRESH_MS
}
