import type { RoomAnswer } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { writeLog } from './chat-log.ts'
import type { ChatContext } from './context.ts'
import { checkHostWords } from './host-words.ts'
import { holdsUntil } from './question-groups.ts'
import { ANSWER, type AnswerRow, toAnswer } from './read-questions.ts'

/** The desk taps when the host has begun to speak, so the replay begins a little earlier. */
const SPOKEN_LEAD_MS = 15_000

/**
 * Answers a question once for all who asked it: in writing, or with an empty text by voice. Two desks that answer at once: the first commit
 * stands. The answer goes to everybody in the room at once and stays on the product's page.
 * @throws Refusal chat.question_not_found, chat.question_settled, chat.sku_unknown, chat.host_words
 */
export async function answerQuestion(
  context: ChatContext,
  roomId: number,
  input: { readonly questionId: number; readonly text: string; readonly skuId: number | null | undefined },
  userId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const { questionId, skuId } = input
  const text = input.text.trim()
  refuseBlockedWords(text)
  const at = clock.now()
  const spokenFrom = new Date(at.getTime() - (text === '' ? SPOKEN_LEAD_MS : 0))
  const answer = await context.questions.alone(async () => {
    const answered = await db.transaction(async (tx): Promise<RoomAnswer> => {
      if (skuId) {
        const onShelf = await tx.query('select from room_shelf where room_id = $1 and sku_id = $2', [roomId, skuId])
        if (onShelf.length === 0) throw new Refusal('chat.sku_unknown')
      }
      const done = first(
        await tx.query<{ id: number }>(
          `update chat_questions set state = 'answered', answer_text = $3, answer_from = greatest($4, first_at),
             answer_sku_id = case when $5 then $6 else sku_id end, settled_by = $7, settled_at = $8
           where id = $2 and room_id = $1 and state = 'open' returning id`,
          [roomId, questionId, text, spokenFrom, skuId !== undefined, skuId ?? null, userId, at],
        ),
      )
      if (!done) throw await whyNot(context, roomId, questionId)
      const row = first(
        await tx.query<AnswerRow>(`select ${ANSWER} from chat_questions q where q.id = $1`, [questionId]),
      )
      if (!row) throw new Refusal('chat.question_not_found')
      const detail = { questionId, text, askers: row.askers }
      await writeLog(tx, { roomId, actorId: userId, at, act: 'answer', subject: row.question, detail })
      return toAnswer(row)
    })
    const group = context.questions.find(roomId)?.byId(questionId)
    if (group) {
      group.state = 'answered'
      group.holdsUntilMs = holdsUntil(at.getTime(), 'answered', text)
    }
    return answered
  })
  context.live.tell(roomId, (room) => room.publish({ t: 'answer', answer }, 'now'))
  context.desk.changed(roomId, 'questions')
  const detail = { questionId, question: answer.question, text, askers: answer.askers }
  context.acted({ roomId, userId, kind: 'answer', aspect: `question:${questionId}`, detail, undo: null })
}

function refuseBlockedWords(text: string): void {
  const terms = checkHostWords(text).filter(({ action }) => action === 'block')
  if (terms.length > 0) throw new Refusal('chat.host_words', { terms: terms.map(({ term }) => term).join('、') })
}

/** Why a question of this room could not be settled. */
export async function whyNot(
  { platform: { db } }: Pick<ChatContext, 'platform'>,
  roomId: number,
  questionId: number,
): Promise<Refusal> {
  const known = await db.query('select from chat_questions where id = $1 and room_id = $2', [questionId, roomId])
  return new Refusal(known.length > 0 ? 'chat.question_settled' : 'chat.question_not_found')
}
