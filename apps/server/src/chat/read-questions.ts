import {
  ANSWERS_RECENT_MAX,
  type EveningQuestions,
  type MyQuestion,
  type RoomAnswer,
  type RoomQuestion,
  type RoomQuestions,
  SKU_ANSWERS_MAX,
  type SkuAnswer,
} from '@chunbo/contract'
import { one, type Queryable } from '../platform/database.ts'
import { OPEN_MAX, weightOf } from './question-groups.ts'

/** What a host can look through between two sentences. */
const LIST_MAX = 20
const MINE_MAX = 100

const ASKERS = 'greatest(1, (select count(*)::int from chat_askers a where a.question_id = q.id))'
/** Columns of an answer over chat_questions q. */
export const ANSWER = `q.id as "questionId", q.body as question, ${ASKERS} as askers, q.answer_text as text,
  q.answer_sku_id as "skuId", q.answer_from as "answerFrom"`
export type AnswerRow = Omit<RoomAnswer, 'atMs'> & { readonly answerFrom: Date }

export function toAnswer({ questionId, answerFrom, ...answer }: AnswerRow): RoomAnswer {
  return { questionId, ...answer, atMs: answerFrom.getTime() }
}

/** The last answers of a room, oldest first. */
export async function readAnswers(db: Queryable, roomId: number): Promise<RoomAnswer[]> {
  const rows = await db.query<AnswerRow>(
    `select ${ANSWER} from chat_questions q where q.room_id = $1 and q.state = 'answered'
     order by q.settled_at desc, q.id desc limit ${ANSWERS_RECENT_MAX}`,
    [roomId],
    'chat-answers',
  )
  return rows.map(toAnswer).reverse()
}

type OpenRow = Omit<RoomQuestion, 'firstAtMs' | 'lastAtMs' | 'names'> & {
  readonly firstAt: Date
  readonly lastAt: Date
  readonly names: string[] | null
}

/** All that a desk shows of the questions of a room. */
export async function readQuestions(db: Queryable, roomId: number): Promise<RoomQuestions> {
  const [rows, answers] = await Promise.all([
    db.query<OpenRow>(
      `select q.id, q.intent, q.body as text, q.sku_id as "skuId", q.shop_id as "shopId", q.first_at as "firstAt",
         q.last_at as "lastAt", ${ASKERS} as askers,
         (select array_agg(n.name order by n.said_at, n.line_id) from (
            select a.name, a.said_at, a.line_id from chat_askers a where a.question_id = q.id
            order by a.said_at desc, a.line_id desc limit 3) n) as names
       from chat_questions q where q.room_id = $1 and q.state = 'open' order by q.id desc limit ${OPEN_MAX}`,
      [roomId],
      'chat-open-questions',
    ),
    readAnswers(db, roomId),
  ])
  const open = rows
    .map(({ firstAt, lastAt, names, ...row }) => {
      return { ...row, names: names ?? [], firstAtMs: firstAt.getTime(), lastAtMs: lastAt.getTime() }
    })
    .sort((one, other) => weight(other) - weight(one) || one.firstAtMs - other.firstAtMs || one.id - other.id)
  return { open: open.slice(0, LIST_MAX), waiting: open.length, answered: answers.reverse() }
}

const weight = ({ askers, lastAtMs }: RoomQuestion) => weightOf({ lastAtMs, askers: { size: askers } })

/** Which lines of somebody were taken as questions, and what was answered. */
export async function readMine(db: Queryable, roomId: number, userId: number): Promise<MyQuestion[]> {
  const rows = await db.query<AnswerRow & { lineId: string; state: string }>(
    `select m.line_id as "lineId", q.state, ${ANSWER} from chat_askers m join chat_questions q on q.id = m.question_id
     where m.room_id = $1 and m.user_id = $2 order by m.said_at desc limit ${MINE_MAX}`,
    [roomId, userId],
    'chat-my-questions',
  )
  return rows.map(({ lineId, state, ...row }) => {
    return { questionId: row.questionId, lineId, answer: state === 'answered' ? toAnswer(row) : null }
  })
}

/** The questions of a show, counted; of one who asks the same again, once. */
export async function countQuestions(db: Queryable, roomId: number): Promise<EveningQuestions> {
  return one(
    await db.query<EveningQuestions>(
      `select count(*) filter (where q.state <> 'merged')::int as questions,
         count(*) filter (where q.state = 'answered')::int as answered,
         (select count(*)::int from chat_askers where room_id = $1) as asked
       from chat_questions q where q.room_id = $1`,
      [roomId],
    ),
  )
}

/** What was asked and answered about a product, or about all of its shop's, outside of practice; those asked by most first. */
export async function readSkuAnswers(db: Queryable, skuId: number): Promise<SkuAnswer[]> {
  const rows = await db.query<Omit<SkuAnswer, 'atMs'> & { answerFrom: Date }>(
    `select q.id as "questionId", q.intent, q.body as question, ${ASKERS} as askers, q.answer_text as text, q.room_id as "roomId",
       r.host_name as "hostName", q.answer_from as "answerFrom"
     from skus k
     join chat_questions q on q.state = 'answered'
       and (q.answer_sku_id = k.id or q.answer_sku_id is null and q.shop_id = k.shop_id and q.sku_id is null)
     join rooms r on r.id = q.room_id and not r.practice
     where k.id = $1 and k.status <> 'draft'
     order by askers desc, q.settled_at desc limit ${SKU_ANSWERS_MAX}`,
    [skuId],
    'chat-sku-answers',
  )
  return rows.map(({ answerFrom, ...row }) => ({ ...row, atMs: answerFrom.getTime() }))
}
