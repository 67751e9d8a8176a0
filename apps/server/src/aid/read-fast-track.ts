import type { FastTrack, FastTrackDraft, Place, ReliefStage, SkuCard } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import { hasChecklist } from './checklist.ts'
import type { AidContext } from './context.ts'
import { type DraftFrame, fitPacks, missingOf, withinLimit } from './draft.ts'
import { composeStories, composeTitles } from './listing-texts.ts'
import { type Batch, readPassed } from './passed-batches.ts'
import { readFreight } from './read-tasks.ts'

/** What is known of a case when it is to go on sale. */
interface Facts {
  readonly caseId: number
  readonly stage: ReliefStage
  readonly produceSlug: string | null
  readonly produceZh: string
  readonly produceEn: string
  readonly family: string | null
  readonly netGTypical: number | null
  readonly place: Place
  readonly township: string
  readonly village: string
  readonly grams: number
  readonly harvestFrom: string
  readonly harvestTo: string
  readonly households: number | null
  readonly storyZh: string
  readonly storyEn: string
  /** Grams that merchants have accepted, null where there is no offer that stands; and the best price among them. */
  readonly acceptedG: number | null
  readonly floorFenPerKg: number | null
  readonly shops: { id: number; nameZh: string; nameEn: string }[]
  readonly pictures: { id: string; width: number; height: number }[]
  readonly kept: Kept | null
}

interface Kept {
  readonly version: number
  readonly draft: FastTrackDraft
  readonly listedAt: string | null
  readonly shopId: number | null
  readonly roomId: number | null
}

/** Open shops of the county and those of the merchants who accepted; the merchants' first, since they have the goods. */
const SHOPS = `(select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'nameZh', s.name_zh, 'nameEn', s.name_en)
    order by s.theirs desc, s.id), '[]')
  from (select h.id, h.name_zh, h.name_en, exists (select from offers o join merchants m on m.id = o.merchant_id
      where o.case_id = c.id and o.state = 'accepted' and m.shop_id = h.id) as theirs, h.county_code, h.status
    from shops h) s
  where s.status = 'open' and (s.theirs or s.county_code = c.county_code))`

/** Photos of the reports, then those of signed inspections; nine at most, as a product has. */
const PICTURES = `(select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'width', p.width, 'height', p.height) order by i.place), '[]')
  from (select u.picture_id, min(u.place) as place from (
      select ap.picture_id, ap.alert_id * 10 + ap.position as place from relief_alerts a
        join relief_alert_pictures ap on ap.alert_id = a.id where a.case_id = c.id
      union all
      select f.picture_id, 1000000000000 + op.n from inspections n
        join inspection_ops op on op.inspection_id = n.id and op.field like 'photo/%' and op.outcome = 'applied'
        join inspection_photos f on f.id::text = substr(op.field, 7) where n.case_id = c.id and n.state = 'signed') u
    group by u.picture_id order by 2 limit 9) i
    join pictures p on p.id = i.picture_id)`

const FACTS = `
  select c.id as "caseId", c.stage, c.produce_slug as "produceSlug", coalesce(p.name_zh, c.produce_text) as "produceZh",
    coalesce(p.name_en, c.produce_text) as "produceEn", p.family, p.net_g_typical as "netGTypical", c.township, c.village,
    jsonb_build_object('code', pl.code, 'province', pl.province, 'prefecture', pl.prefecture, 'county', pl.county) as place,
    c.grams, c.harvest_from as "harvestFrom", c.harvest_to as "harvestTo", c.households, c.story_zh as "storyZh",
    c.story_en as "storyEn",
    (select sum(o.accepted_g)::bigint from offers o where o.case_id = c.id and o.state = 'accepted') as "acceptedG",
    greatest(c.floor_fen_per_kg, (select max(o.price_fen_per_kg) from offers o where o.case_id = c.id and o.state = 'accepted'))
      as "floorFenPerKg",
    ${SHOPS} as shops, ${PICTURES} as pictures,
    (select jsonb_build_object('version', f.version, 'draft', f.draft, 'listedAt', f.listed_at, 'shopId', f.shop_id,
       'roomId', f.room_id) from aid_fast_tracks f where f.case_id = c.id) as kept
  from relief_cases c join places pl on pl.code = c.county_code left join produce p on p.slug = c.produce_slug
  where c.id = $1`

/** Everything that a draft is made of and measured against. */
export interface Track {
  readonly facts: Facts
  /** Passed goods, cut to the limit. */
  readonly batches: readonly Batch[]
  readonly limitG: number
  readonly version: number
  readonly draft: FastTrackDraft
  readonly frame: DraftFrame
}

/** Packs of a lot whose produce has no usual weight. */
const NET_G_USUAL = 2_500
/** Shares that a new draft begins with, in permille of the price: what payment costs, and what is kept for bad fruit. */
const PLATFORM_PERMILLE = 6
const RESERVE_PERMILLE = 50
/** A box with its filling, and the way to the buyer, where nothing is known yet. */
const PACKING_FEN = 350
const FREIGHT_FEN_PER_KG = 240
/** Stands for the goods before an inspection has passed them. */
const EXPECTED_BATCH = 'expected'

/** The draft of a case that nobody has touched: everything that follows from what is known; the farmer's net is left open. */
function beginDraft(
  context: Pick<AidContext, 'spelledPlace'>,
  facts: Facts,
  batches: readonly { readonly key: string; readonly grams: number }[],
  freightFenPerKg: number,
): FastTrackDraft {
  const { province, county } = facts.place
  const spelled = { provinceEn: context.spelledPlace(province), countyEn: context.spelledPlace(county) }
  const known = { ...facts, ...spelled }
  const netG = facts.netGTypical ?? NET_G_USUAL
  const packs = batches.slice(0, 6).map(({ key, grams }) => {
    const net = Math.max(1, Math.min(netG, grams))
    const count = Math.max(1, Math.min(1_000_000_000, Math.floor(grams / net)))
    return { batch: key, netG: net, packs: count, packingFen: PACKING_FEN, priceFen: null }
  })
  return {
    step: 1,
    shopId: facts.shops[0]?.id ?? null,
    shopNameZh: `${county}助农店`,
    ...composeTitles(known),
    ...composeStories(known),
    farm: facts.village === '' ? '' : `${facts.village}农户`,
    pictureIds: facts.pictures.map(({ id }) => id),
    farmerFenPerKg: facts.floorFenPerKg,
    freightFenPerKg,
    platformPermille: PLATFORM_PERMILLE,
    reservePermille: RESERVE_PERMILLE,
    packs,
  }
}

/** Reads what a case's way to sale stands on, inside or outside of a transaction. @throws Refusal relief.case_not_found */
export async function readTrack(
  context: Pick<AidContext, 'spelledPlace'>,
  db: Queryable,
  caseId: number,
): Promise<Track> {
  const facts = first(await db.query<Facts>(FACTS, [caseId], 'aid-fast-track-facts'))
  if (!facts) throw new Refusal('relief.case_not_found')
  const passed = await readPassed(db, [caseId])
  const reportedG = Math.min(facts.grams, facts.acceptedG ?? facts.grams)
  const batches = withinLimit(passed, reportedG)
  const passedG = batches.reduce((sum, { grams }) => sum + grams, 0)
  const frame: DraftFrame = {
    stage: facts.stage,
    batches,
    floorFenPerKg: facts.floorFenPerKg,
    shopIds: facts.shops.map(({ id }) => id),
  }
  const expected = batches.length > 0 ? batches : [{ key: EXPECTED_BATCH, grams: reportedG }]
  const freight = facts.kept === null ? await readFreight(db, caseId) : null
  const freightFen = freight === null ? FREIGHT_FEN_PER_KG : freight.payer === 'price' ? freight.fenPerKg : 0
  const draft = facts.kept?.draft ?? beginDraft(context, facts, expected, freightFen)
  return {
    facts,
    batches,
    limitG: batches.length > 0 ? passedG : reportedG,
    version: facts.kept?.version ?? 0,
    draft: facts.kept?.listedAt ? draft : fitPacks(draft, expected),
    frame,
  }
}

const LISTED_SKUS = `select k.id from relief_case_lots r join skus k on k.shop_id = r.shop_id and k.lot_id = r.lot_id
  where r.case_id = $1 and k.status <> 'draft' order by k.id limit 50`

/** Ids of the SKUs that a case is sold by. */
export async function readCaseSkus(db: Queryable, caseId: number): Promise<number[]> {
  return (await db.query<{ id: number }>(LISTED_SKUS, [caseId], 'aid-case-skus')).map(({ id }) => id)
}

/** The fast track of a case as its page shows it. @throws Refusal relief.case_not_found, aid.not_on_track */
export async function readFastTrack(context: AidContext, caseId: number): Promise<Sendable<FastTrack>> {
  const { db } = context.platform
  const track = await readTrack(context, db, caseId)
  const { facts, draft } = track
  const { kept } = facts
  const isListed = kept !== null && kept.listedAt !== null && kept.shopId !== null
  if (!isListed && !hasChecklist(facts.stage)) throw new Refusal('aid.not_on_track', { stage: facts.stage })
  const skuIds = isListed ? await readCaseSkus(db, caseId) : []
  const skus: SkuCard[] = skuIds.length > 0 ? await context.catalogue.findCards(skuIds) : []
  const showing = isListed ? await context.live.findRoomsShowing(skuIds) : new Map()
  const { shops, pictures, place, stage, produceZh, produceEn, family, village, acceptedG, floorFenPerKg } = facts
  return {
    caseId,
    stage,
    produceZh,
    produceEn,
    family,
    place,
    village,
    version: track.version,
    draft,
    missing: isListed ? [] : missingOf(draft, track.frame),
    batches: track.batches,
    limitG: track.limitG,
    acceptedG,
    floorFenPerKg,
    shops,
    pictures,
    room: await context.live.findNextRoom(place.code),
    freight: await readFreight(db, caseId),
    listed: isListed
      ? { at: new Date(kept.listedAt ?? 0), shopId: kept.shopId ?? 0, room: [...showing.values()][0] ?? null, skus }
      : null,
  }
}
