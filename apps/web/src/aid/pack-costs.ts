import type { DraftPack, FastTrackDraft } from '@chunbo/contract/aid'
import { type PackCosts, packPriceForNet } from '@chunbo/contract/aid-price'

/** What stands between the price of a pack and the farmer. */
export const costsOf = (draft: FastTrackDraft, pack: DraftPack): PackCosts => ({
  netG: pack.netG,
  packingFen: pack.packingFen,
  freightFenPerKg: draft.freightFenPerKg,
  platformPermille: draft.platformPermille,
  reservePermille: draft.reservePermille,
})

/** Price of a pack in fen: what was set, or what the farmer's net comes to; null while neither is known. The server decides alike. */
export function priceOf(draft: FastTrackDraft, pack: DraftPack): number | null {
  if (pack.priceFen !== null) return pack.priceFen
  return draft.farmerFenPerKg === null ? null : packPriceForNet(draft.farmerFenPerKg, costsOf(draft, pack))
}
