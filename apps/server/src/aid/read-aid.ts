import { type Picture, type Place, pricePerJinFen, type ReliefStage } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { AidContext, LotSold } from './context.ts'
import { type Batch, readPassed } from './passed-batches.ts'
import { readFreight } from './read-tasks.ts'

/** Cases on the page, at most: the most urgent ones. */
const ITEMS_MAX = 100
/** A case whose glut is gone stays on the page this long, so that buyers see what came of it. */
const SAVED_DAYS = 7
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** What keeps for longer than this, or for ever, is as urgent as if it kept for so long. */
const CALM_DAYS = 60

interface CaseRow {
  readonly caseId: number
  readonly stage: ReliefStage
  readonly stageSince: Date
  readonly produceZh: string
  readonly produceEn: string
  readonly family: string | null
  readonly place: Place
  readonly township: string
  readonly village: string
  readonly households: number | null
  readonly storyZh: string
  readonly storyEn: string
  readonly harvestFrom: string
  readonly harvestTo: string
  readonly spoilsAt: Date | null
  readonly listedG: number
  readonly lotIds: number[]
  readonly skuIds: number[]
  readonly picture: Picture | null
  readonly from: { skuId: number; priceFen: number; netG: number } | null
}

/** The desk's words of a case, or else those of its product page. */
const CASES = `
  select c.id as "caseId", c.stage, c.stage_since as "stageSince", coalesce(p.name_zh, c.produce_text) as "produceZh",
    coalesce(p.name_en, c.produce_text) as "produceEn", p.family, c.township, c.village, c.households,
    case when c.story_zh <> '' then c.story_zh else coalesce(f.draft ->> 'storyZh', '') end as "storyZh",
    case when c.story_en <> '' then c.story_en else coalesce(f.draft ->> 'storyEn', '') end as "storyEn",
    c.harvest_from as "harvestFrom", c.harvest_to as "harvestTo", c.spoils_at as "spoilsAt",
    jsonb_build_object('code', pl.code, 'province', pl.province, 'prefecture', pl.prefecture, 'county', pl.county) as place,
    l.grams as "listedG", l.ids as "lotIds", k.ids as "skuIds",
    (select jsonb_build_object('id', i.id, 'width', i.width, 'height', i.height)
     from sku_pictures sp join pictures i on i.id = sp.picture_id
     where sp.sku_id = k.ids[1] order by sp.position limit 1) as picture,
    (select jsonb_build_object('skuId', t.sku_id, 'priceFen', t.price_fen, 'netG', t.net_g) from sku_stock t
     where t.sku_id = any(k.ids) and t.on_sale and t.stock > 0
     order by t.price_fen::numeric / t.net_g, t.sku_id limit 1) as "from"
  from relief_cases c
  join places pl on pl.code = c.county_code
  left join produce p on p.slug = c.produce_slug
  left join aid_fast_tracks f on f.case_id = c.id
  join lateral (select sum(o.grams)::bigint as grams, array_agg(o.id order by o.id) as ids
    from relief_case_lots r join lots o on o.shop_id = r.shop_id and o.id = r.lot_id where r.case_id = c.id) l on l.grams > 0
  cross join lateral (select coalesce(array_agg(s.id order by s.id), '{}') as ids
    from relief_case_lots r join skus s on s.shop_id = r.shop_id and s.lot_id = r.lot_id
    where r.case_id = c.id and s.status <> 'draft') k
  where `

const ON_PAGE = `(c.stage in ('listed', 'selling') or (c.stage = 'closed' and c.stage_since > $1)) order by c.spoils_at nulls last, c.id limit $2`
const ONE = `c.id = $1 and c.stage in ('listed', 'selling', 'closed', 'expired')`

/** Grams that are lost for each day that is left. */
function atRiskPerDay(leftG: number, spoilsAt: Date | null, nowMs: number): number {
  const days = spoilsAt === null ? CALM_DAYS : Math.min(CALM_DAYS, (spoilsAt.getTime() - nowMs) / DAY_MS)
  return Math.round(leftG / Math.max(1, days))
}

function addUp(row: CaseRow, sold: ReadonlyMap<number, LotSold>): { soldG: number; orders: number } {
  const lots = row.lotIds.flatMap((id) => sold.get(id) ?? [])
  return {
    soldG: lots.reduce((sum, { grams }) => sum + grams, 0),
    orders: lots.reduce((sum, { orders }) => sum + orders, 0),
  }
}

/** The list as it is read: instants are still dates. */
export type AidListRead = Awaited<ReturnType<typeof readAidList>>

const isOver = (stage: ReliefStage) => stage === 'closed' || stage === 'expired'

/** Rows with what other slices know of them: what was sold, where it is shown, who passed it. */
async function complete(context: AidContext, rows: readonly CaseRow[]) {
  const { db, clock } = context.platform
  const nowMs = clock.now().getTime()
  const [sold, rooms, passed] = await Promise.all([
    context.soldOfLots(rows.flatMap(({ lotIds }) => lotIds)),
    context.live.findRoomsShowing(rows.flatMap(({ stage, skuIds }) => (isOver(stage) ? [] : skuIds))),
    readPassed(
      db,
      rows.map(({ caseId }) => caseId),
    ),
  ])
  return rows.map((row) => {
    const { soldG, orders } = addUp(row, sold)
    const leftG = Math.max(0, row.listedG - soldG)
    const { lotIds: _lots, skuIds, stageSince: _since, harvestFrom: _from, harvestTo: _to, from, ...shown } = row
    const hoursLeft = row.spoilsAt === null ? null : Math.max(0, Math.floor((row.spoilsAt.getTime() - nowMs) / HOUR_MS))
    return {
      ...shown,
      soldG,
      leftG,
      orders,
      hoursLeft,
      atRiskPerDayG: isOver(row.stage) ? 0 : atRiskPerDay(leftG, row.spoilsAt, nowMs),
      from: from && !isOver(row.stage) ? { ...from, perJinFen: pricePerJinFen(from.priceFen, from.netG) } : null,
      room: skuIds.flatMap((id) => rooms.get(id) ?? [])[0] ?? null,
      proof: bestProof(passed, row.caseId),
    }
  })
}

function bestProof(passed: readonly Batch[], caseId: number): Omit<Batch, 'caseId'> | null {
  const own = passed.filter((batch) => batch.caseId === caseId).sort((a, b) => b.grams - a.grams)[0]
  if (own === undefined) return null
  const { caseId: _, ...proof } = own
  return proof
}

/** The aid page's list: what is at risk, the most urgent first, then what was saved in the last days. */
export async function readAidList(context: AidContext) {
  const { db, clock } = context.platform
  const now = clock.now()
  const since = new Date(now.getTime() - SAVED_DAYS * DAY_MS)
  const rows = await db.query<CaseRow>(CASES + ON_PAGE, [since, ITEMS_MAX], 'aid-list')
  const items = (await complete(context, rows)).filter((item) => !isOver(item.stage) || item.soldG > 0)
  items.sort(
    (a, b) =>
      Number(isOver(a.stage)) - Number(isOver(b.stage)) || b.atRiskPerDayG - a.atRiskPerDayG || a.caseId - b.caseId,
  )
  const sum = (of: (item: (typeof items)[number]) => number) => items.reduce((total, item) => total + of(item), 0)
  const total = {
    listedG: sum(({ listedG }) => listedG),
    soldG: sum(({ soldG }) => soldG),
    leftG: sum(({ leftG, stage }) => (isOver(stage) ? 0 : leftG)),
    households: sum(({ households }) => households ?? 0),
  }
  return { items, total, asOf: now }
}

async function readTimeline(db: Queryable, caseId: number): Promise<{ stage: ReliefStage; at: Date }[]> {
  return db.query<{ stage: ReliefStage; at: Date }>(
    `select stage, at from (
       select 'reported' as stage, reported_at as at, 0::bigint as id from relief_cases where id = $1
       union all
       select to_stage, at, id from relief_log where case_id = $1 and to_stage is not null and to_stage <> 'reported') s
     order by id limit 60`,
    [caseId],
    'aid-timeline',
  )
}

/** One case for buyers. Nobody's contact is in it. @throws Refusal aid.not_on_page */
export async function readAidPage(context: AidContext, caseId: number) {
  const { db } = context.platform
  const row = first(await db.query<CaseRow>(CASES + ONE, [caseId], 'aid-one'))
  if (!row) throw new Refusal('aid.not_on_page')
  const [items, passed, freight, skus, timeline] = await Promise.all([
    complete(context, [row]),
    readPassed(db, [caseId]),
    readFreight(db, caseId),
    row.skuIds.length === 0 ? [] : context.catalogue.findCards(row.skuIds.slice(0, 50)),
    readTimeline(db, caseId),
  ])
  const [item] = items
  if (item === undefined) throw new Refusal('aid.not_on_page')
  const pictures = await db.query<Picture>(
    `select i.id, i.width, i.height from sku_pictures sp join pictures i on i.id = sp.picture_id
     where sp.sku_id = $1 order by sp.position`,
    [row.skuIds[0] ?? 0],
    'aid-pictures',
  )
  return {
    ...item,
    harvestFrom: row.harvestFrom,
    harvestTo: row.harvestTo,
    pictures,
    proofs: passed.map(({ caseId: _, ...proof }) => proof),
    freight,
    skus,
    timeline,
    lastGramAt: row.stage === 'closed' && skus.every(({ stock }) => stock === 0) ? row.stageSince : null,
  }
}
