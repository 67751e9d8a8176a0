import { first } from '../platform/database.ts'
import { whyNot } from './answer-question.ts'
import { writeLog } from './chat-log.ts'
import type { ChatContext } from './context.ts'
import { holdsUntil } from './question-groups.ts'

/**
 * Takes a question off the list without an answer; those who ask it again in the next minutes do not bring it back.
 * @throws Refusal chat.question_not_found, chat.question_settled
 */
export async function dismissQuestion(
  context: ChatContext,
  roomId: number,
  questionId: number,
  userId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const at = clock.now()
  await context.questions.alone(async () => {
    await db.transaction(async (tx) => {
      const done = first(
        await tx.query<{ text: string }>(
          `update chat_questions set state = 'dismissed', settled_by = $3, settled_at = $4
           where id = $2 and room_id = $1 and state = 'open' returning body as text`,
          [roomId, questionId, userId, at],
        ),
      )
      if (!done) throw await whyNot(context, roomId, questionId)
      await writeLog(tx, { roomId, actorId: userId, at, act: 'dismiss', subject: done.text, detail: { questionId } })
    })
    const group = context.questions.find(roomId)?.byId(questionId)
    if (group) {
      group.state = 'dismissed'
      group.holdsUntilMs = holdsUntil(at.getTime(), 'dismissed', '')
    }
  })
  context.desk.changed(roomId, 'questions')
}
