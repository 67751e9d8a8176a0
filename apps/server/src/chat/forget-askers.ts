import type { Queryable } from '../platform/database.ts'

/** What taking lines down did to questions. */
export interface ForgottenAskers {
  readonly askers: readonly { readonly questionId: number; readonly userId: number }[]
  /** Questions that stand in other words now, or with null have nobody left who asked. */
  readonly reworded: readonly { readonly questionId: number; readonly text: string | null }[]
}

/** What stands for a question whose last line was taken down. */
export const NO_WORDS = '…'

/**
 * Takes lines out of the questions in the caller's transaction: their words must not stand on as a question. A question that nobody else
 * asked is dismissed, whatever answer it had.
 */
export async function forgetAskers(
  tx: Queryable,
  roomId: number,
  lineIds: readonly string[],
  at: Date,
): Promise<ForgottenAskers> {
  const askers = await tx.query<{ questionId: number; userId: number; body: string }>(
    `delete from chat_askers where room_id = $1 and line_id = any($2::uuid[])
     returning question_id as "questionId", user_id as "userId", body`,
    [roomId, [...lineIds]],
  )
  if (askers.length === 0) return { askers, reworded: [] }
  const rows = await tx.query<{ questionId: number; text: string | null }>(
    `with hit as (
       select q.id, q.body, (select a.body from chat_askers a where a.question_id = q.id
           and not (a.room_id = $1 and a.line_id = any($4::uuid[])) order by a.said_at, a.line_id limit 1) as left_body
       from chat_questions q where q.id = any($2::bigint[])
     ), reworded as (
       update chat_questions q set body = h.left_body from hit h
       where q.id = h.id and h.left_body is not null and q.body = any($3::text[]) returning q.id, q.body as text
     ), gone as (
       update chat_questions q set body = '${NO_WORDS}', state = 'dismissed', answer_text = null, answer_from = null,
         merged_into = null, settled_at = $5
       from hit h where q.id = h.id and h.left_body is null returning q.id, null::text as text
     )
     select id as "questionId", text from reworded union all select id, text from gone`,
    [roomId, askers.map(({ questionId }) => questionId), askers.map(({ body }) => body), [...lineIds], at],
  )
  return { askers, reworded: rows }
}
