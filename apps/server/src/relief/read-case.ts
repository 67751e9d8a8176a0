import type { ReliefAlert, ReliefLogEntry } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { CASE_COLUMNS, CASE_TABLES, type CaseRow, toCaseRow } from './case-row.ts'
import type { ReliefContext } from './context.ts'
import { type DeskScope, requireCounty } from './desk-scope.ts'
import { readLotSales } from './lot-sales.ts'
import { nextStages } from './next-stages.ts'

/** Entries of a log that a page shows, the newest ones; a case that nobody touches for a year is escalated once a day. */
const LOG_MAX = 1_000

interface OwnFacts {
  readonly floorFenPerKg: number | null
  readonly needsCold: boolean
  readonly merchantsMax: number
  readonly storyZh: string
  readonly storyEn: string
  readonly verifiedBy: { id: number; name: string } | null
  readonly closedReason: string
  readonly mergedInto: number | null
  readonly spoiledG: number | null
}

async function readHead(db: Queryable, caseId: number): Promise<CaseRow & OwnFacts> {
  const found = first(
    await db.query<CaseRow & OwnFacts>(
      `select ${CASE_COLUMNS}, c.floor_fen_per_kg as "floorFenPerKg", c.needs_cold as "needsCold", c.merchants_max as "merchantsMax",
         c.story_zh as "storyZh", c.story_en as "storyEn", c.closed_reason as "closedReason", c.merged_into as "mergedInto",
         c.spoiled_g as "spoiledG", case when v.id is not null then jsonb_build_object('id', v.id, 'name', v.name) end as "verifiedBy"
       from ${CASE_TABLES} left join users v on v.id = c.verified_by where c.id = $1`,
      [caseId],
    ),
  )
  if (!found) throw new Refusal('relief.case_not_found')
  return found
}

type AlertRow = Omit<ReliefAlert, 'reportedAt'> & { readonly reportedAt: Date }

/** Reports that count to the case, the first one first, with their pictures. Nothing of whom to call: a look at that is logged. */
function readReports(db: Queryable, caseId: number): Promise<AlertRow[]> {
  return db.query<AlertRow>(
    `select a.id, a.first_case_id as "firstCaseId", a.source, a.source_name as "sourceName",
       coalesce(p.name_zh, a.produce_text) as "produceZh", a.quantity_text as "quantityText", a.grams,
       jsonb_build_object('code', pl.code, 'province', pl.province, 'prefecture', pl.prefecture, 'county', pl.county) as place,
       a.township, a.village, a.words, a.reported_at as "reportedAt", u.name as reporter,
       (select coalesce(jsonb_agg(jsonb_build_object('id', pic.id, 'width', pic.width, 'height', pic.height) order by ap.position), '[]')
        from relief_alert_pictures ap join pictures pic on pic.id = ap.picture_id where ap.alert_id = a.id) as pictures
     from relief_alerts a left join produce p on p.slug = a.produce_slug left join places pl on pl.code = a.county_code
       left join users u on u.id = a.reporter_id
     where a.case_id = $1 order by a.id`,
    [caseId],
  )
}

type LogRow = Omit<ReliefLogEntry, 'at'> & { readonly at: Date }

/** What happened, in order. */
async function readLog(db: Queryable, caseId: number): Promise<LogRow[]> {
  const rows = await db.query<LogRow>(
    `select l.id, l.at, l.kind, l.from_stage as "fromStage", l.to_stage as "toStage", l.note, l.facts,
       case when u.id is not null then jsonb_build_object('id', u.id, 'name', u.name) end as actor
     from relief_log l left join users u on u.id = l.actor_id where l.case_id = $1 order by l.id desc limit $2`,
    [caseId, LOG_MAX],
  )
  return rows.reverse()
}

const readLots = (db: Queryable, caseId: number) =>
  db.query<{ shopId: number; lotId: number }>(
    'select shop_id as "shopId", lot_id as "lotId" from relief_case_lots where case_id = $1 order by lot_id',
    [caseId],
  )

const readDuplicates = (db: Queryable, caseId: number) =>
  db.query<{ caseId: number; score: number }>(
    `select other.id as "caseId", d.score from relief_duplicates d
     join relief_cases other on other.id = case when d.case_a = $1 then d.case_b else d.case_a end
     where (d.case_a = $1 or d.case_b = $1) and d.dismissed_at is null
       and other.stage not in ('closed', 'rejected', 'expired', 'merged')
     order by d.score desc, other.id limit 50`,
    [caseId],
  )

/**
 * Everything the desk knows of a case, with the steps that this reader may take.
 * @throws Refusal relief.case_not_found, identity.not_allowed (another county's)
 */
export async function readCase(context: ReliefContext, scope: DeskScope, caseId: number) {
  const { db, clock } = context.platform
  const head = await readHead(db, caseId)
  requireCounty(scope, head.place.code)
  const [reports, log, lots, duplicateOf, sales] = await Promise.all([
    readReports(db, caseId),
    readLog(db, caseId),
    readLots(db, caseId),
    readDuplicates(db, caseId),
    readLotSales(context, head.lotIds),
  ])
  return {
    ...toCaseRow(head, sales, clock.now()),
    reports,
    log,
    lots,
    duplicateOf,
    next: nextStages(head.stage, scope.isDesk),
  }
}
