import type { RecordingLogLine, RecordingRow, RecordingRule } from '@chunbo/contract'
import type { Sendable } from '../platform/routes.ts'
import type { RecordingsContext } from './context.ts'
import { LEAST_DAYS, type RecordingKind } from './rule.ts'

const PAGE_MAX = 50

interface PageOf<Item> {
  readonly items: Item[]
  readonly next: string | null
}

export async function readRules({ platform }: RecordingsContext): Promise<{ items: Sendable<RecordingRule>[] }> {
  const rules = await platform.db.query<Sendable<Omit<RecordingRule, 'leastDays' | 'kind'>> & { kind: RecordingKind }>(
    `select k.kind, k.keep_days as "keepDays", u.name as "changedBy", k.changed_at as "changedAt"
     from recording_rules k left join users u on u.id = k.changed_by order by k.kind desc`,
  )
  return { items: rules.map((rule) => ({ ...rule, leastDays: LEAST_DAYS[rule.kind] })) }
}

/** Recordings of shows that are over, the newest first; those that are held alone where asked. `cursor` is a room's id. */
export async function readRecordings(
  { platform }: RecordingsContext,
  { held, cursor }: { held: boolean; cursor: string | null },
): Promise<PageOf<Sendable<RecordingRow>>> {
  const rows = await platform.db.query<Sendable<RecordingRow>>(
    `select r.id as "roomId", r.title_zh as "titleZh", r.title_en as "titleEn", r.host_name as "hostName", r.practice,
       r.ended_at as "endedAt", recording_keep_until(r.ended_at, r.practice, k.keep_days) as "keepUntil",
       m.decided_at as "removedAt",
       (select coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'reason', h.reason, 'by', u.name, 'at', h.placed_at)
          order by h.id), '[]') from recording_holds h join users u on u.id = h.placed_by
        where h.room_id = r.id and h.lifted_at is null) as holds
     from rooms r join recording_rules k on k.kind = case when r.practice then 'practice' else 'trade' end
     left join recording_removals m on m.room_id = r.id
     where r.status = 'ended' and r.started_at is not null and r.id < $1
       and (not $2 or exists (select from recording_holds h where h.room_id = r.id and h.lifted_at is null))
     order by r.id desc limit $3`,
    [cursor ?? Number.MAX_SAFE_INTEGER, held, PAGE_MAX + 1],
  )
  return toPage(rows, (row) => row.roomId)
}

export async function readLog(
  { platform }: RecordingsContext,
  cursor: string | null,
): Promise<PageOf<Sendable<RecordingLogLine>>> {
  const lines = await platform.db.query<Sendable<RecordingLogLine>>(
    `select l.id, l.at, u.name as by, l.act, l.room_id as "roomId", l.note
     from recording_log l left join users u on u.id = l.by_user where l.id < $1 order by l.id desc limit $2`,
    [cursor ?? Number.MAX_SAFE_INTEGER, PAGE_MAX + 1],
  )
  return toPage(lines, (line) => line.id)
}

function toPage<Item>(rows: Item[], idOf: (item: Item) => number): PageOf<Item> {
  const items = rows.slice(0, PAGE_MAX)
  const last = items.at(-1)
  return { items, next: rows.length > PAGE_MAX && last ? String(idOf(last)) : null }
}
