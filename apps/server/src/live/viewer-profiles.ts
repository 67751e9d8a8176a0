import type { Viewer } from '@chunbo/live-room'
import { first } from '../platform/database.ts'
import type { LiveContext } from './context.ts'
import type { RoomDoors, RoomFactBook } from './room-team.ts'

/** Kept so long that ten thousand who are thrown out at once come back without a query each. */
const KEPT_MS = 10 * 60_000
const KEPT_MAX = 50_000

/** What is known of somebody as a fan of a county, by the slice that counts it. */
export interface Fans {
  /** Reads it, so that what follows needs no wait. */
  learn(userId: number, countyCode: number): Promise<void>
  /** Level as it is known, 0 for none. */
  level(userId: number, countyCode: number): number
}

export interface ViewerProfiles {
  of(userId: number, roomId: number): Promise<Viewer['user']>
  /** Reads the person anew the next time. */
  forget(userId: number): void
}

/** Gives what a room shows of a signed-in user: the name, whether they are of its host team, and the level of a fan, which may rise meanwhile. */
export function createViewerProfiles(
  context: Pick<LiveContext, 'platform'>,
  facts: RoomFactBook,
  doors: Pick<RoomDoors, 'isTeam'>,
  fans: Fans,
): ViewerProfiles {
  const { db } = context.platform
  const kept = new Map<string, { readonly user: Viewer['user']; readonly untilMs: number }>()
  async function of(userId: number, roomId: number): Promise<Viewer['user']> {
    // How long something is kept must not hang on a clock that may jump.
    const nowMs = performance.now()
    const { countyCode } = await facts.of(roomId)
    const key = `${userId}:${countyCode}`
    const known = kept.get(key)
    if (known && known.untilMs > nowMs) return known.user
    const [row, isHost] = await Promise.all([
      db.query<{ name: string }>('select name from users where id = $1', [userId], 'live-user-name').then(first),
      doors.isTeam(roomId, userId),
      fans.learn(userId, countyCode),
    ])
    const user = row && {
      id: userId,
      name: row.name,
      isHost,
      ...(isHost ? { badge: 'official' as const } : {}),
      get level() {
        return fans.level(userId, countyCode)
      },
    }
    if (kept.size >= KEPT_MAX) kept.clear()
    kept.set(key, { user, untilMs: nowMs + KEPT_MS })
    return user
  }
  return {
    of,
    forget(userId) {
      for (const key of kept.keys()) if (key.startsWith(`${userId}:`)) kept.delete(key)
    },
  }
}
