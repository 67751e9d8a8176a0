import {
  type DraftPack,
  type FastTrackDraft,
  type FastTrackNeed,
  farmerFenPerKg,
  type PackCosts,
  type PassedBatch,
  packPriceForNet,
  type ReliefStage,
  splitPackPrice,
} from '@chunbo/contract'

/** The rules of a draft: what may be packed, what it costs, what is missing. Pure. */

/** What a draft is measured against. Masses in grams, prices in fen for a kilogram. */
export interface DraftFrame {
  readonly stage: ReliefStage
  /** What may be packed of each passed batch; together never more than the limit. */
  readonly batches: readonly Pick<PassedBatch, 'key' | 'grams'>[]
  readonly floorFenPerKg: number | null
  readonly shopIds: readonly number[]
}

/** Takes from the last batches what is above the limit, so that all of them together keep to it. Empty ones go. */
export function withinLimit<Batch extends { readonly grams: number }>(
  batches: readonly Batch[],
  limitG: number,
): Batch[] {
  let left = limitG
  return batches.flatMap((batch) => {
    const grams = Math.min(batch.grams, left)
    left -= grams
    return grams > 0 ? [{ ...batch, grams }] : []
  })
}

/**
 * The draft with packs from the batches that were passed: those that were planned before the inspection come from the first batch, as
 * many as it gives. What a person has said of a batch that is known stays as it is, and is refused if it is too much.
 */
export function fitPacks(draft: FastTrackDraft, batches: DraftFrame['batches']): FastTrackDraft {
  const [firstBatch] = batches
  const known = new Set(batches.map(({ key }) => key))
  if (firstBatch === undefined || draft.packs.every(({ batch }) => known.has(batch))) return draft
  const taken = draft.packs.reduce(
    (sum, { batch, netG, packs }) => sum + (batch === firstBatch.key ? netG * packs : 0),
    0,
  )
  let free = firstBatch.grams - taken
  const packs = draft.packs.flatMap((pack): DraftPack[] => {
    if (known.has(pack.batch)) return [pack]
    const count = Math.min(pack.packs, Math.floor(free / pack.netG))
    if (count <= 0) return []
    free -= count * pack.netG
    return [{ ...pack, batch: firstBatch.key, packs: count }]
  })
  return packs.length === 0 ? draft : { ...draft, packs }
}

const costsOf = (draft: FastTrackDraft, pack: DraftPack): PackCosts => ({
  netG: pack.netG,
  packingFen: pack.packingFen,
  freightFenPerKg: draft.freightFenPerKg,
  platformPermille: draft.platformPermille,
  reservePermille: draft.reservePermille,
})

/** What a pack costs: what a person said, or what the farmer's net comes to; null when neither is known or there is no such price. */
export function packPrice(draft: FastTrackDraft, pack: DraftPack): number | null {
  if (pack.priceFen !== null) return pack.priceFen
  return draft.farmerFenPerKg === null ? null : packPriceForNet(draft.farmerFenPerKg, costsOf(draft, pack))
}

/** Whether a price leaves the farmer what was promised, and nobody pays for selling. */
function paysFarmer(draft: FastTrackDraft, pack: DraftPack, floorFenPerKg: number | null): boolean {
  const priceFen = packPrice(draft, pack)
  if (priceFen === null) return false
  return farmerFenPerKg(splitPackPrice(priceFen, costsOf(draft, pack)), pack.netG) >= (floorFenPerKg ?? 1)
}

function gramsFit(draft: FastTrackDraft, batches: DraftFrame['batches']): boolean {
  const left = new Map(batches.map(({ key, grams }) => [key, grams]))
  return draft.packs.every(({ batch, netG, packs }) => {
    const rest = (left.get(batch) ?? 0) - netG * packs
    left.set(batch, rest)
    return rest >= 0
  })
}

/** What a draft still needs before it can go on sale; empty when it may. */
export function missingOf(draft: FastTrackDraft, frame: DraftFrame): FastTrackNeed[] {
  const inspected = frame.stage === 'coordinating' && frame.batches.length > 0
  const shop = draft.shopId === null ? draft.shopNameZh.trim() !== '' : frame.shopIds.includes(draft.shopId)
  const needs: [FastTrackNeed, boolean][] = [
    ['inspection', inspected],
    ['shop', shop],
    ['title', draft.titleZh.trim() !== ''],
    ['farmer_net', draft.farmerFenPerKg !== null || draft.packs.every(({ priceFen }) => priceFen !== null)],
    [
      'price',
      draft.farmerFenPerKg === null || draft.packs.every((pack) => paysFarmer(draft, pack, frame.floorFenPerKg)),
    ],
    ['grams', !inspected || gramsFit(draft, frame.batches)],
  ]
  return needs.flatMap(([need, met]) => (met ? [] : [need]))
}
