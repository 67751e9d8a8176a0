import type { DraftPack, FastTrackDraft, ReliefStage, SkuInput } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { logCase, moveCase } from '../relief/index.ts'
import type { AidContext } from './context.ts'
import { missingOf, packPrice } from './draft.ts'
import { composeFreight, composePack, composeProof } from './listing-texts.ts'
import { lockCase } from './lock-case.ts'
import type { Batch } from './passed-batches.ts'
import { readTrack, type Track } from './read-fast-track.ts'
import { readFreight } from './read-tasks.ts'

/** A glut has no limit per buyer: this is what the catalogue takes as none, and it costs an order nothing to keep. */
const BUYER_LIMIT = 100_000

/** What has to be told when everything is committed. */
interface Published {
  /** Null where it was done before. */
  readonly from: ReliefStage | null
  /** The shop that was opened for it, if one was. */
  readonly newShop: { readonly shopId: number; readonly countyCode: number } | null
  readonly tell: (() => unknown)[]
}

/** The shop that was chosen, or one opened on the spot with the name of the draft. */
async function takeShop(context: AidContext, tx: Queryable, { facts, draft }: Track): Promise<number> {
  if (draft.shopId !== null) return draft.shopId
  const { place } = facts
  return context.shops.openIn(tx, {
    countyCode: place.code,
    nameZh: draft.shopNameZh.trim(),
    nameEn: `${context.spelledPlace(place.county)} aid shop`,
  })
}

async function provincesOf(
  context: AidContext,
  tx: Queryable,
  codes: readonly number[],
): Promise<{ zh: string; en: string }[]> {
  if (codes.length === 0) return []
  const rows = await tx.query<{ name: string }>(
    `select name from divisions where level = 'province' and code = any($1::int[]) order by code`,
    [codes.map((code) => code * 10_000)],
  )
  return rows.map(({ name }) => ({ zh: name, en: context.spelledPlace(name) }))
}

function toSku(
  draft: FastTrackDraft,
  pack: DraftPack,
  batch: Batch,
  freight: { zh: string; en: string },
): Omit<SkuInput, 'lotId'> {
  const proof = composeProof(batch)
  const priceFen = packPrice(draft, pack)
  if (priceFen === null) throw new Refusal('aid.draft_incomplete', { missing: 'price' })
  return {
    ...composePack(draft, pack, batch.grade),
    storyZh: [draft.storyZh, proof.zh, freight.zh].join('\n\n'),
    storyEn: draft.storyEn === '' ? '' : [draft.storyEn, proof.en, freight.en].join('\n\n'),
    netG: pack.netG,
    priceFen,
    buyerLimit: BUYER_LIMIT,
    stock: pack.packs,
    pictureIds: draft.pictureIds,
  }
}

/** Pictures that whoever kept the draft has uploaded: who publishes may be a colleague. */
async function picturesOfKeeper(tx: Queryable, { facts, draft }: Track): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select p.id from pictures p join aid_fast_tracks f on f.case_id = $1 and f.saved_by = p.owner_user_id
     where p.id = any($2::uuid[])`,
    [facts.caseId, draft.pictureIds],
  )
  return rows.map(({ id }) => id)
}

/** A lot for every batch that packs are made of, with its SKUs on sale and the case's mark. */
async function listBatches(
  context: AidContext,
  tx: Queryable,
  shopId: number,
  track: Track,
  actorId: number,
): Promise<{ skuIds: number[]; lotIds: number[]; tell: (() => void)[] }> {
  const { facts, draft, batches } = track
  const note = await readFreight(tx, facts.caseId)
  const freight = composeFreight(note, await provincesOf(context, tx, note?.provinces ?? []))
  const knownPictures = [...facts.pictures.map(({ id }) => id), ...(await picturesOfKeeper(tx, track))]
  const made = { skuIds: [] as number[], lotIds: [] as number[], tell: [] as (() => void)[] }
  for (const batch of batches) {
    const packs = draft.packs.filter((pack) => pack.batch === batch.key)
    if (packs.length === 0) continue
    const listed = await context.catalogue.listLot(
      tx,
      shopId,
      {
        lot: {
          produceSlug: facts.produceSlug ?? '',
          countyCode: facts.place.code,
          township: facts.township,
          village: facts.village,
          farm: draft.farm,
          harvestFrom: facts.harvestFrom,
          harvestTo: facts.harvestTo,
          grade: batch.grade,
          grams: batch.grams,
        },
        gramsMax: batch.grams,
        skus: packs.map((pack) => toSku(draft, pack, batch, freight)),
        knownPictures,
      },
      actorId,
    )
    made.skuIds.push(...listed.skuIds)
    made.lotIds.push(listed.lotId)
    const proved = await context.inspections.proveLot(tx, { shopId, lotId: listed.lotId }, batch.key)
    made.tell.push(listed.tell, proved)
  }
  return made
}

async function publishIn(
  context: AidContext,
  tx: Queryable,
  caseId: number,
  version: number,
  actorId: number,
): Promise<Published> {
  const now = context.platform.clock.now()
  await lockCase(tx, caseId)
  const track = await readTrack(context, tx, caseId)
  const { facts, draft } = track
  if (facts.kept === null) throw new Refusal('aid.draft_not_kept')
  // The second click, or the first one whose answer was lost: it is done.
  if (facts.kept.listedAt !== null) return { from: null, newShop: newShopOf(track, facts.kept.shopId), tell: [] }
  if (facts.kept.version !== version) throw new Refusal('aid.changed_meanwhile', { version: facts.kept.version })
  const missing = missingOf(draft, track.frame)
  if (missing.length > 0) throw new Refusal('aid.draft_incomplete', { missing: missing.join(', ') })
  if (facts.produceSlug === null) throw new Refusal('aid.produce_unknown')
  const shopId = await takeShop(context, tx, track)
  const { skuIds, lotIds, tell } = await listBatches(context, tx, shopId, track, actorId)
  await tx.query(
    `insert into relief_case_lots (case_id, shop_id, lot_id, linked_at) select $1, $2, lot_id, $4 from unnest($3::bigint[]) i(lot_id)`,
    [caseId, shopId, lotIds, now],
  )
  const shelf = await context.live.addToNextShelf(
    tx,
    facts.place.code,
    skuIds.map((skuId) => ({ shopId, skuId })),
  )
  await tx.query(
    `update aid_fast_tracks set listed_at = $2, listed_by = $3, shop_id = $4, room_id = $5, draft = $6 where case_id = $1`,
    [caseId, now, actorId, shopId, shelf?.room.id ?? null, JSON.stringify(draft)],
  )
  await finishPriceTask(tx, caseId, actorId, now)
  const listedFacts = { shopId, lotIds, skuIds, roomId: shelf?.room.id ?? null }
  const from = await moveCase(tx, { caseId, to: 'listed', actorId, now, kind: 'listed', facts: listedFacts })
  return { from, newShop: newShopOf(track, shopId), tell: shelf === null ? tell : [...tell, shelf.tell] }
}

const newShopOf = ({ draft, facts }: Track, shopId: number | null): Published['newShop'] =>
  draft.shopId === null && shopId !== null ? { shopId, countyCode: facts.place.code } : null

/** Somebody has to pack and send: a shop that was opened here belongs to the county's commissioners and to who opened it. */
async function giveStaff(
  { identity, platform }: AidContext,
  shop: NonNullable<Published['newShop']>,
  actorId: number,
): Promise<void> {
  const now = platform.clock.now()
  const rows = await platform.db.query<{ userId: number }>(
    `select distinct user_id as "userId" from grants where role = 'commissioner' and county_code = $1 and revoked_at is null
       and valid_from <= $2 and (valid_until is null or valid_until > $2)`,
    [shop.countyCode, now],
  )
  for (const userId of new Set([actorId, ...rows.map((row) => row.userId)])) {
    await identity.grant({ userId, role: 'shop', shopId: shop.shopId }).catch((error: unknown) => {
      if (!(error instanceof Refusal && error.code === 'identity.grant_exists')) throw error
    })
  }
}

async function finishPriceTask(tx: Queryable, caseId: number, actorId: number, now: Date): Promise<void> {
  const done = await tx.query(
    `update aid_tasks set version = version + 1, state = 'done', changed_at = $2, changed_by = $3
     where case_id = $1 and kind = 'price' and state = 'open' returning kind`,
    [caseId, now, actorId],
  )
  if (done.length > 0) await logCase(tx, { caseId, actorId, now, kind: 'task_done', facts: { task: 'price' } })
}

/**
 * Puts the kept draft of a case on sale, all of it or nothing: the shop where there is none, a lot for each passed batch, its SKUs
 * with pictures and texts, the mark of the case on the lots, the shelf of the county's next room, its grade and certificate, and the case moves on to listed.
 * A second call finds it done. Locks the case, then shops, lots, skus and rooms, in that sequence.
 * @throws Refusal aid.draft_incomplete, aid.changed_meanwhile, aid.draft_not_kept, relief.case_not_found and what catalogue refuses
 */
export async function publishCase(
  context: AidContext,
  caseId: number,
  version: number,
  actorId: number,
): Promise<void> {
  const { db, log } = context.platform
  const { from, newShop, tell } = await db.transaction((tx) => publishIn(context, tx, caseId, version, actorId))
  // Also on the second call: the first one may have ended right after its commit.
  if (newShop !== null) await giveStaff(context, newShop, actorId)
  if (from === null) return
  context.relief.caseMoved({ caseId, from, to: 'listed' })
  for (const told of tell) {
    // It is on sale; a room that could not be told reads its shelf again in a few seconds.
    await Promise.resolve(told()).catch((error: unknown) => log.warn({ err: error }, 'a new listing could not be told'))
  }
}
