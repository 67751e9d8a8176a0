import { Refusal } from '../platform/problem.ts'
import { actorOf, type Who } from '../platform/session.ts'
import type { LiveContext } from './context.ts'

const KEPT_MAX = 20_000

/** The county of a room, which never changes, so it is read once. */
export type CountyOfRoom = (roomId: number) => Promise<number>

/** @throws Refusal live.room_not_found by the function it gives */
export function createCountyOfRoom({ platform }: Pick<LiveContext, 'platform'>): CountyOfRoom {
  const kept = new Map<number, number>()
  return async (roomId) => {
    const known = kept.get(roomId)
    if (known !== undefined) return known
    const [row] = await platform.db.query<{ countyCode: number }>(
      'select county_code as "countyCode" from rooms where id = $1',
      [roomId],
      'live-county-of-room',
    )
    if (!row) throw new Refusal('live.room_not_found')
    if (kept.size >= KEPT_MAX) kept.clear()
    kept.set(roomId, row.countyCode)
    return row.countyCode
  }
}

/** The host team of the room that the path names: everybody who holds the role host for its county. */
export function roomTeam({ identity }: Pick<LiveContext, 'identity'>, countyOf: CountyOfRoom): Who {
  return {
    name: 'host team of the room',
    async check(request, reply) {
      await identity.who.signedIn.check(request, reply)
      const roomId = Number((request.params as { id?: string }).id)
      if (!Number.isSafeInteger(roomId) || roomId < 1) throw new Refusal('live.room_not_found')
      await identity.require(actorOf(request).userId, { role: 'host', countyCode: await countyOf(roomId) })
    },
  }
}
