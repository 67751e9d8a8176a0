import { Refusal } from '../platform/problem.ts'
import { actorOf, type Who } from '../platform/session.ts'
import type { LiveContext } from './context.ts'

const KEPT_MAX = 20_000

/** What of a room never changes: its county, and whether it is for practice. */
export interface RoomFacts {
  readonly countyCode: number
  readonly practice: boolean
}

/** The facts of rooms, each read once. */
export interface RoomFactBook {
  /** @throws Refusal live.room_not_found */
  of(roomId: number): Promise<RoomFacts>
  /** What is known without a read. */
  known(roomId: number): RoomFacts | undefined
}

/** The county of a room. @throws Refusal live.room_not_found */
export type CountyOfRoom = (roomId: number) => Promise<number>

export function createRoomFacts({ platform }: Pick<LiveContext, 'platform'>): RoomFactBook {
  const kept = new Map<number, RoomFacts>()
  return {
    known: (roomId) => kept.get(roomId),
    async of(roomId) {
      const known = kept.get(roomId)
      if (known !== undefined) return known
      const [row] = await platform.db.query<RoomFacts>(
        'select county_code as "countyCode", practice from rooms where id = $1',
        [roomId],
        'live-room-facts',
      )
      if (!row) throw new Refusal('live.room_not_found')
      if (kept.size >= KEPT_MAX) kept.clear()
      kept.set(roomId, row)
      return row
    },
  }
}

/** Who may come into which room, as rules of routes and as a question. */
export interface RoomDoors {
  /** Everybody who holds the role host for the county of the room in the path, and is old enough to stand before a camera. */
  readonly team: Who
  /** Everybody; into a room for practice only its team. For others there is no such room. */
  readonly entrant: Who
  /** The same for who must be signed in. */
  readonly signedInEntrant: Who
  /** The same for video, where no session is read unless the room is for practice: a player asks several times a second. */
  readonly mediaEntrant: Who
  /** Whether this user (null: a stranger) may be in the room. @throws Refusal live.room_not_found */
  mayEnter(roomId: number, userId: number | null): Promise<boolean>
  /** Whether the user is of the room's team. @throws Refusal live.room_not_found */
  isTeam(roomId: number, userId: number): Promise<boolean>
}

/** The room that a path names; NaN where it names none, which its schema then refuses. */
function roomIdOf(params: unknown): number {
  const { id, roomId } = params as { id?: string; roomId?: string }
  const number = Number(roomId ?? id)
  return Number.isSafeInteger(number) && number > 0 ? number : Number.NaN
}

export function createRoomDoors(
  { identity }: Pick<LiveContext, 'identity'>,
  facts: RoomFactBook,
  mayHost: (userId: number) => Promise<boolean>,
): RoomDoors {
  const { who } = identity
  async function isTeam(roomId: number, userId: number): Promise<boolean> {
    const { countyCode } = await facts.of(roomId)
    return (await identity.may(userId, { role: 'host', countyCode })) && (await mayHost(userId))
  }
  async function mayEnter(roomId: number, userId: number | null): Promise<boolean> {
    const { practice } = await facts.of(roomId)
    return !practice || (userId !== null && (await isTeam(roomId, userId)))
  }
  /** A rule that lets into practice rooms only their team. It takes no time where the room is known to be a public one. */
  function entry(name: string, session: Who | null): Who {
    return {
      name,
      check(request, reply) {
        const roomId = roomIdOf(request.params)
        const checked = session?.check(request, reply)
        if (Number.isNaN(roomId) || facts.known(roomId)?.practice === false) return checked
        return enter()
        async function enter(): Promise<void> {
          await checked
          if (!(await facts.of(roomId)).practice) return
          if (session === null) await who.anyone.check(request, reply)
          if (!(await mayEnter(roomId, request.actor?.userId ?? null))) throw new Refusal('live.room_not_found')
        }
      },
    }
  }
  return {
    isTeam,
    mayEnter,
    entrant: entry('anyone; into practice only the host team', who.anyone),
    signedInEntrant: entry('signed in; into practice only the host team', who.signedIn),
    mediaEntrant: entry('anyone; into practice only the host team', null),
    team: {
      name: 'host team of the room',
      async check(request, reply) {
        await who.signedIn.check(request, reply)
        const roomId = roomIdOf(request.params)
        if (Number.isNaN(roomId)) throw new Refusal('live.room_not_found')
        const { userId } = actorOf(request)
        const { countyCode, practice } = await facts.of(roomId)
        if (practice && !(await identity.may(userId, { role: 'host', countyCode })))
          throw new Refusal('live.room_not_found')
        await identity.require(userId, { role: 'host', countyCode })
        if (!(await mayHost(userId))) throw new Refusal('live.host_too_young')
      },
    },
  }
}
