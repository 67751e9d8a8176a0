import type { QuestionIntent } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { holdsUntil, type QuestionGroup, QuestionGroups, type QuestionState } from './question-groups.ts'
import type { ShelfName } from './question-topic.ts'
import { pairsOf } from './recognise-question.ts'

/** Settled questions of this time may still take those who ask again. */
const SETTLED_MS = 10 * 60_000

interface Row {
  readonly key: string
  readonly id: number
  readonly intent: QuestionIntent
  readonly detail: string
  readonly shopId: number | null
  readonly skuId: number | null
  readonly text: string
  readonly state: QuestionState
  readonly firstAt: Date
  readonly lastAt: Date
  readonly answer: string | null
  readonly settledAt: Date | null
  readonly merged: string[] | null
  readonly askers: { id: number; name: string }[] | null
}

/** The questions of a room as they were written down, as when a node comes back after it was killed. */
export async function loadQuestions(db: Queryable, roomId: number, nowMs: number): Promise<QuestionGroups> {
  const rows = await db.query<Row>(
    `select q.key, q.id, q.intent, q.detail, q.shop_id as "shopId", q.sku_id as "skuId", q.body as text, q.state,
       q.first_at as "firstAt", q.last_at as "lastAt", q.answer_text as answer, q.settled_at as "settledAt",
       (select array_agg(m.body) from chat_questions m where m.merged_into = q.id) as merged,
       (select jsonb_agg(jsonb_build_object('id', a.user_id, 'name', a.name) order by a.said_at, a.line_id)
        from chat_askers a where a.question_id = q.id) as askers
     from chat_questions q
     where q.room_id = $1 and (q.state = 'open' or q.state in ('answered', 'dismissed') and q.settled_at > $2)`,
    [roomId, new Date(nowMs - SETTLED_MS)],
    'chat-load-questions',
  )
  const groups = new QuestionGroups()
  for (const row of rows) groups.put(toGroup(row))
  return groups
}

function toGroup(row: Row): QuestionGroup {
  const settledMs = row.settledAt?.getTime() ?? 0
  return {
    key: row.key,
    id: row.id,
    intent: row.intent,
    detail: row.detail,
    topic: { shopId: row.shopId, skuId: row.skuId },
    text: row.text,
    samples: [row.text, ...(row.merged ?? [])].map(pairsOf),
    state: row.state,
    holdsUntilMs: row.state === 'open' ? 0 : holdsUntil(settledMs, row.state, row.answer ?? ''),
    firstAtMs: row.firstAt.getTime(),
    lastAtMs: row.lastAt.getTime(),
    askers: new Map((row.askers ?? []).map(({ id, name }) => [id, name])),
  }
}

/** The words by which viewers name these goods. */
export async function readShelfNames(db: Queryable, skuIds: readonly number[]): Promise<ShelfName[]> {
  return db.query<ShelfName>(
    `select k.shop_id as "shopId", k.id as "skuId", p.slug as "produceSlug",
       array[k.title_zh, k.title_en, p.name_zh, p.name_en] as names
     from skus k join lots l on l.shop_id = k.shop_id and l.id = k.lot_id join produce p on p.slug = l.produce_slug
     where k.id = any($1::bigint[])`,
    [[...skuIds]],
    'chat-shelf-names',
  )
}
