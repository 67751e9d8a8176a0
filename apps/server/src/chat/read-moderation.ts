import type { Appeal, ChatLine, ChatReason, Moderation, Mute, MyMute, ReportedLine } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import type { Sendable } from '../platform/routes.ts'
import { readLog } from './chat-log.ts'
import { readRules } from './chat-rules.ts'
import type { ChatContext } from './context.ts'

const MUTES_MAX = 100
const REPORTED_MAX = 50
const REPORT_WORDS_MAX = 5
const LOG_MAX = 50

const APPEAL = `case when m.appealed_at is not null then jsonb_build_object('words', m.appeal_words, 'at', m.appealed_at,
  'answer', case when m.answered_at is not null then jsonb_build_object('lift', m.answer_lift, 'words', m.answer_words,
    'byName', coalesce(a.name, ''), 'at', m.answered_at) end) end as appeal`
const MUTE = `m.id, m.room_id as "roomId", m.whole_county as county, m.line_text as "lineText", m.reason, m.words, m.muted_at as at,
  m.until, m.lifted_at as "liftedAt", ${APPEAL}`

/** All that a desk shows of the rules of a room's chat. */
export async function readModeration(
  { platform: { db, clock }, live }: Pick<ChatContext, 'platform' | 'live'>,
  roomId: number,
): Promise<Sendable<Moderation>> {
  const countyCode = await live.countyOf(roomId)
  const [{ mode, pin }, mutes, reports, log] = await Promise.all([
    readRules(db, roomId),
    db.query<Sendable<Mute> & { appeal: Appeal | null }>(
      `select ${MUTE}, m.user_name as "userName", coalesce(b.name, '') as "byName"
       from chat_mutes m left join users b on b.id = m.muted_by left join users a on a.id = m.answered_by
       where (m.room_id = $1 or m.whole_county and m.county_code = $2)
         and (m.lifted_at is null and (m.until is null or m.until > $3) or m.appealed_at is not null and m.answered_at is null)
       order by m.id desc limit ${MUTES_MAX}`,
      [roomId, countyCode, clock.now()],
    ),
    readReports(db, roomId),
    readLog(db, roomId, Number.MAX_SAFE_INTEGER, LOG_MAX),
  ])
  return { mode, pin, mutes, reports, log }
}

interface ReportRow {
  readonly id: string
  readonly saidAt: Date
  readonly name: string
  readonly fromHost: boolean
  readonly text: string
  readonly reports: number
  readonly reasons: { reason: ChatReason; count: number }[]
  readonly words: string[] | null
  readonly lastAt: Date
}

async function readReports(db: Queryable, roomId: number): Promise<Sendable<ReportedLine>[]> {
  const rows = await db.query<ReportRow>(
    `select c.id, c.said_at as "saidAt", c.name, c.from_host as "fromHost", c.body as text, r.reports, r."lastAt", r.words,
       (select jsonb_agg(jsonb_build_object('reason', g.reason, 'count', g.count) order by g.count desc, g.reason) from (
         select reason, count(*)::int as count from chat_reports
         where room_id = $1 and line_id = c.id and settled_at is null group by reason) g) as reasons
     from (select line_id, count(*)::int as reports, max(reported_at) as "lastAt",
             (array_agg(words order by reported_at desc) filter (where words <> ''))[1:${REPORT_WORDS_MAX}] as words
           from chat_reports where room_id = $1 and settled_at is null group by line_id) r
     join shown_chat c on c.room_id = $1 and c.id = r.line_id
     order by r.reports desc, r."lastAt" desc limit ${REPORTED_MAX}`,
    [roomId],
  )
  return rows.map(({ id, saidAt, name, fromHost, text, words, ...rest }) => {
    const line: ChatLine = { id, atMs: saidAt.getTime(), name, text, from: fromHost ? 'host' : 'viewer' }
    return { line, words: words ?? [], ...rest }
  })
}

/** What holds for somebody, and what became of their appeals, the newest first. */
export function readMyMutes(
  { platform: { db, clock } }: Pick<ChatContext, 'platform'>,
  userId: number,
): Promise<(Sendable<MyMute> & { appeal: Appeal | null })[]> {
  return db.query(
    `select ${MUTE}, r.title_zh as "roomTitleZh", r.title_en as "roomTitleEn"
     from chat_mutes m join rooms r on r.id = m.room_id left join users a on a.id = m.answered_by
     where m.user_id = $1 and (m.lifted_at is null and (m.until is null or m.until > $2) or m.appealed_at is not null)
     order by m.id desc limit 50`,
    [userId, clock.now()],
  )
}
