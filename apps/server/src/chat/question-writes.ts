import type { Queryable } from '../platform/database.ts'
import type { QuestionGroup, QuestionLine } from './question-groups.ts'

/** What has changed in memory and is not written down yet. */
export interface QuestionWrites {
  readonly roomId: number
  /** Groups that are new or were asked again. */
  readonly groups: Map<string, QuestionGroup>
  readonly askers: { readonly key: string; readonly line: QuestionLine }[]
  /** Groups that had to go because there were too many. */
  readonly dropped: QuestionGroup[]
}

/** Writes a room's changes down; the keys make a second time harmless. Gives ids by key. */
export async function writeQuestions(tx: Queryable, writes: QuestionWrites): Promise<Map<string, number>> {
  const groups = [...writes.groups.values()]
  const rows = await tx.query<{ id: number; key: string }>(
    `insert into chat_questions (room_id, key, intent, detail, shop_id, sku_id, body, first_at, last_at)
     select $1, key, intent, detail, shop_id, sku_id, body, first_at, last_at
     from unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::timestamptz[], $9::timestamptz[])
       q (key, intent, detail, shop_id, sku_id, body, first_at, last_at)
     on conflict (key) do update set last_at = greatest(chat_questions.last_at, excluded.last_at)
     returning id, key`,
    [
      writes.roomId,
      groups.map(({ key }) => key),
      groups.map(({ intent }) => intent),
      groups.map(({ detail }) => detail),
      groups.map(({ topic }) => topic.shopId),
      groups.map(({ topic }) => topic.skuId),
      groups.map(({ text }) => text),
      groups.map(({ firstAtMs }) => new Date(firstAtMs)),
      groups.map(({ lastAtMs }) => new Date(lastAtMs)),
    ],
    'chat-write-questions',
  )
  const { roomId, askers } = writes
  // A line that was taken down meanwhile is nobody's question any more.
  await tx.query(
    `insert into chat_askers (question_id, user_id, room_id, line_id, name, body, said_at)
     select q.id, a.user_id, $1, a.line_id, a.name, a.body, a.said_at
     from unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[])
       a (key, user_id, line_id, name, body, said_at)
     join chat_questions q on q.key = a.key
     where not exists (select from chat_tombstones t where t.room_id = $1 and t.line_id = a.line_id)
     on conflict do nothing`,
    [
      roomId,
      askers.map(({ key }) => key),
      askers.map(({ line }) => line.userId),
      askers.map(({ line }) => line.lineId),
      askers.map(({ line }) => line.name),
      askers.map(({ line }) => line.text),
      askers.map(({ line }) => new Date(line.atMs)),
    ],
    'chat-write-askers',
  )
  if (writes.dropped.length > 0) {
    await tx.query(
      `update chat_questions set state = 'dismissed', settled_at = last_at where key = any($1::uuid[]) and state = 'open'`,
      [writes.dropped.map(({ key }) => key)],
    )
  }
  return new Map(rows.map(({ id, key }) => [key, id]))
}
