import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { writeLog } from './chat-log.ts'
import type { ChatContext } from './context.ts'
import { tellMutes } from './mute-viewer.ts'

/** A mute that a room's team may touch: one of the room, or a ban of its county. */
export const OF_ROOM = '(room_id = $2 or whole_county and county_code = $3)'

interface Lifted {
  readonly roomId: number
  readonly countyCode: number
  readonly county: boolean
  readonly userId: number
  readonly userName: string
}

/** Lifts a mute that holds, in the caller's transaction; null when it did not hold any more. `$2` and `$3` of OF_ROOM are room and county. */
export async function liftIn(
  tx: Queryable,
  ids: { readonly muteId: number; readonly roomId: number; readonly countyCode: number },
  by: number,
  at: Date,
): Promise<Lifted | null> {
  return first(
    await tx.query<Lifted>(
      `update chat_mutes set lifted_by = $4, lifted_at = $5
       where id = $1 and ${OF_ROOM} and lifted_at is null and (until is null or until > $5)
       returning room_id as "roomId", county_code as "countyCode", whole_county as county, user_id as "userId",
         user_name as "userName"`,
      [ids.muteId, ids.roomId, ids.countyCode, by, at],
    ),
  )
}

/** Lets somebody talk again before the time. @throws Refusal chat.mute_not_found, chat.mute_over */
export async function liftMute(context: ChatContext, roomId: number, muteId: number, userId: number): Promise<void> {
  const { db, clock } = context.platform
  const countyCode = await context.live.countyOf(roomId)
  const ids = { muteId, roomId, countyCode }
  const at = clock.now()
  const lifted = await db.transaction(async (tx) => {
    const done = await liftIn(tx, ids, userId, at)
    if (done) {
      await writeLog(tx, { roomId, actorId: userId, at, act: 'lift', subject: done.userName, detail: { muteId } })
      return done
    }
    const known = await tx.query(`select from chat_mutes where id = $1 and ${OF_ROOM}`, [muteId, roomId, countyCode])
    throw new Refusal(known.length > 0 ? 'chat.mute_over' : 'chat.mute_not_found')
  })
  context.rooms.lift(muteId, lifted.userId)
  tellMutes(context, lifted)
  const detail = { muteId, name: lifted.userName }
  context.acted({ roomId, userId, kind: 'unmute', aspect: `mute:${muteId}`, detail, undo: null })
}
