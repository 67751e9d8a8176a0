import { Refusal } from '../platform/problem.ts'
import { writeLog } from './chat-log.ts'
import type { ChatContext } from './context.ts'

/**
 * Puts a question that asks the same into another one of the room: those who asked both count once, and whoever asks either from now on asks
 * that one. Into an answered one it is answered with it.
 * @throws Refusal chat.question_not_found, chat.question_settled, chat.merge_with_itself
 */
export async function mergeQuestions(
  context: ChatContext,
  roomId: number,
  ids: { readonly questionId: number; readonly into: number },
  userId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const { questionId, into } = ids
  if (questionId === into) throw new Refusal('chat.merge_with_itself')
  const at = clock.now()
  await context.questions.alone(async () => {
    await db.transaction(async (tx) => {
      const rows = await tx.query<{ id: number; state: string; text: string }>(
        'select id, state, body as text from chat_questions where room_id = $1 and id in ($2, $3) order by id for update',
        [roomId, questionId, into],
      )
      const from = rows.find(({ id }) => id === questionId)
      const target = rows.find(({ id }) => id === into)
      if (!from || !target) throw new Refusal('chat.question_not_found')
      if (from.state !== 'open' || !['open', 'answered'].includes(target.state))
        throw new Refusal('chat.question_settled')
      await tx.query(
        `insert into chat_askers (question_id, user_id, room_id, line_id, name, body, said_at)
         select $2, user_id, room_id, line_id, name, body, said_at from chat_askers where question_id = $1
         on conflict do nothing`,
        [questionId, into],
      )
      await tx.query('delete from chat_askers where question_id = $1', [questionId])
      await tx.query(
        `update chat_questions q set first_at = least(q.first_at, f.first_at), last_at = greatest(q.last_at, f.last_at)
         from chat_questions f where q.id = $2 and f.id = $1`,
        [questionId, into],
      )
      // What had been merged into this one goes along.
      await tx.query('update chat_questions set merged_into = $2 where merged_into = $1', [questionId, into])
      await tx.query(
        `update chat_questions set state = 'merged', merged_into = $2, settled_by = $3, settled_at = $4 where id = $1`,
        [questionId, into, userId, at],
      )
      const detail = { questionId, into, intoText: target.text }
      await writeLog(tx, { roomId, actorId: userId, at, act: 'merge', subject: from.text, detail })
    })
    // Memory follows what was written down, order of the askers and all.
    await context.questions.reload(roomId)
  })
  context.desk.changed(roomId, 'questions')
}
