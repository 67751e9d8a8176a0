import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { writeLog } from './chat-log.ts'
import type { ChatContext } from './context.ts'
import { liftIn, OF_ROOM } from './lift-mute.ts'
import { tellMutes } from './mute-viewer.ts'

interface Answered {
  readonly roomId: number
  readonly countyCode: number
  readonly county: boolean
  readonly userId: number
  readonly userName: string
}

/** Answers an appeal, once, and lifts the mute if it is right. @throws Refusal chat.mute_not_found, chat.no_appeal */
export async function answerAppeal(
  context: ChatContext,
  roomId: number,
  answer: { readonly muteId: number; readonly lift: boolean; readonly words: string },
  userId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const countyCode = await context.live.countyOf(roomId)
  const { muteId, lift, words } = answer
  const at = clock.now()
  const answered = await db.transaction(async (tx) => {
    const done = first(
      await tx.query<Answered>(
        `update chat_mutes set answer_lift = $4, answer_words = $5, answered_by = $6, answered_at = $7
         where id = $1 and ${OF_ROOM} and appealed_at is not null and answered_at is null
         returning room_id as "roomId", county_code as "countyCode", whole_county as county, user_id as "userId",
           user_name as "userName"`,
        [muteId, roomId, countyCode, lift, words, userId, at],
      ),
    )
    if (!done) {
      const known = await tx.query(`select from chat_mutes where id = $1 and ${OF_ROOM}`, [muteId, roomId, countyCode])
      throw new Refusal(known.length > 0 ? 'chat.no_appeal' : 'chat.mute_not_found')
    }
    if (lift) await liftIn(tx, { muteId, roomId, countyCode }, userId, at)
    const detail = { muteId, lift, words }
    await writeLog(tx, { roomId, actorId: userId, at, act: 'appeal_answer', subject: done.userName, detail })
    return done
  })
  if (lift) context.rooms.lift(muteId, answered.userId)
  tellMutes(context, answered)
  const detail = { muteId, name: answered.userName }
  if (lift) context.acted({ roomId, userId, kind: 'unmute', aspect: `mute:${muteId}`, detail, undo: null })
}
