import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { writeLog } from './chat-log.ts'
import type { ChatContext } from './context.ts'
import { tellMutes } from './mute-viewer.ts'

interface Appealed {
  readonly roomId: number
  readonly countyCode: number
  readonly county: boolean
  readonly userName: string
}

/**
 * Who is silenced says something against it, once.
 * @throws Refusal chat.mute_not_found (also for anybody else's), chat.appealed_already, chat.mute_over
 */
export async function appealMute(context: ChatContext, muteId: number, words: string, userId: number): Promise<void> {
  const { db, clock } = context.platform
  const at = clock.now()
  const appealed = await db.transaction(async (tx) => {
    const done = first(
      await tx.query<Appealed>(
        `update chat_mutes set appeal_words = $3, appealed_at = $4
         where id = $1 and user_id = $2 and appealed_at is null and lifted_at is null and (until is null or until > $4)
         returning room_id as "roomId", county_code as "countyCode", whole_county as county, user_name as "userName"`,
        [muteId, userId, words, at],
      ),
    )
    if (done) {
      const { roomId, userName: subject } = done
      await writeLog(tx, { roomId, actorId: userId, at, act: 'appeal', subject, detail: { muteId, words } })
      return done
    }
    const known = first(
      await tx.query<{ appealed: boolean }>(
        'select appealed_at is not null as appealed from chat_mutes where id = $1 and user_id = $2',
        [muteId, userId],
      ),
    )
    if (!known) throw new Refusal('chat.mute_not_found')
    throw new Refusal(known.appealed ? 'chat.appealed_already' : 'chat.mute_over')
  })
  tellMutes(context, appealed)
}
