import type { Viewer } from '@chunbo/live-room'
import { first } from '../platform/database.ts'
import type { LiveContext } from './context.ts'
import type { CountyOfRoom } from './room-team.ts'

/** Kept so long that ten thousand who are thrown out at once come back without a query each. */
const KEPT_MS = 10 * 60_000
const KEPT_MAX = 50_000

/** Gives what a room shows of a signed-in user: the name, and whether they are of its host team. */
export function createViewerProfiles(
  context: Pick<LiveContext, 'platform' | 'identity'>,
  countyOf: CountyOfRoom,
): (userId: number, roomId: number) => Promise<Viewer['user']> {
  const { db, clock } = context.platform
  const kept = new Map<string, { readonly user: Viewer['user']; readonly untilMs: number }>()
  return async (userId, roomId) => {
    const nowMs = clock.now().getTime()
    const countyCode = await countyOf(roomId)
    const key = `${userId}:${countyCode}`
    const known = kept.get(key)
    if (known && known.untilMs > nowMs) return known.user
    const [row, isHost] = await Promise.all([
      db.query<{ name: string }>('select name from users where id = $1', [userId], 'live-user-name').then(first),
      context.identity.may(userId, { role: 'host', countyCode }),
    ])
    const user = row ? { id: userId, name: row.name, isHost } : null
    if (kept.size >= KEPT_MAX) kept.clear()
    kept.set(key, { user, untilMs: nowMs + KEPT_MS })
    return user
  }
}
