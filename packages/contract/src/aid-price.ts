/**
 * The price of a pack and where each fen of it goes. All in integer fen; shares of the price in permille. The parts always add up
 * to the price, because the farmer's part is what the others leave.
 */
export interface PackCosts {
  /** Net weight of the pack in grams. */
  readonly netG: number
  /** Box, ice, label and work of one pack, in fen. */
  readonly packingFen: number
  /** Freight to the buyer for a kilogram, in fen; 0 where somebody else pays it. */
  readonly freightFenPerKg: number
  /** Share of the price for the platform, in permille. */
  readonly platformPermille: number
  /** Share of the price kept for what arrives bad, in permille. */
  readonly reservePermille: number
}

export interface PriceParts {
  readonly priceFen: number
  /** What the farmer gets for the pack; below zero where the price does not cover the rest. */
  readonly farmerFen: number
  readonly packingFen: number
  readonly freightFen: number
  readonly platformFen: number
  readonly reserveFen: number
}

/** Both shares of the price together, at most: half of it, or it would serve nobody. */
export const SHARES_PERMILLE_MAX = 500
/** A price of a pack, at most, in fen: what a SKU takes. */
const PRICE_FEN_MAX = 100_000_000

const ceilDiv = (value: bigint, by: bigint) => (value + by - 1n) / by
/** Price per kilogram times grams, in fen, rounded up: a farmer and a carrier are never paid a fen too little. */
const forGrams = (fenPerKg: number, netG: number) => Number(ceilDiv(BigInt(fenPerKg) * BigInt(netG), 1000n))
/** A share of a price, rounded down. */
const shareOf = (priceFen: number, permille: number) => Number((BigInt(priceFen) * BigInt(permille)) / 1000n)

/** Splits a price: packing, freight, platform and reserve take theirs, the rest is the farmer's. The parts add up to the price. */
export function splitPackPrice(priceFen: number, costs: PackCosts): PriceParts {
  const { packingFen } = costs
  const freightFen = forGrams(costs.freightFenPerKg, costs.netG)
  const platformFen = shareOf(priceFen, costs.platformPermille)
  const reserveFen = shareOf(priceFen, costs.reservePermille)
  return {
    priceFen,
    farmerFen: priceFen - packingFen - freightFen - platformFen - reserveFen,
    packingFen,
    freightFen,
    platformFen,
    reserveFen,
  }
}

/**
 * The lowest price that gives the farmer at least `farmerFenPerKg` for the pack's net weight, in whole 10 fen as on a market
 * sign. Null when it is above what a SKU may cost, or the shares are above SHARES_PERMILLE_MAX.
 */
export function packPriceForNet(farmerFenPerKg: number, costs: PackCosts): number | null {
  const keepPermille = 1000 - costs.platformPermille - costs.reservePermille
  if (keepPermille < 1000 - SHARES_PERMILLE_MAX) return null
  const owedFen = forGrams(farmerFenPerKg, costs.netG) + costs.packingFen + forGrams(costs.freightFenPerKg, costs.netG)
  const owedFarmerFen = forGrams(farmerFenPerKg, costs.netG)
  const quotient = Number(ceilDiv(BigInt(owedFen) * 1000n, BigInt(keepPermille)))
  // Two shares rounded down can make up at most four fen of price. From one sign to the next the farmer's part only grows,
  // since ten fen more are at least three more for the farmer; by single fen it could fall.
  let priceFen = Math.max(10, Math.floor((quotient - 4) / 10) * 10)
  while (splitPackPrice(priceFen, costs).farmerFen < owedFarmerFen) priceFen += 10
  return priceFen > PRICE_FEN_MAX ? null : priceFen
}

/** The farmer's part of a kilogram of the pack, in fen rounded down; below zero where the price does not cover the rest. */
export function farmerFenPerKg(parts: PriceParts, netG: number): number {
  return Math.floor((parts.farmerFen * 1000) / netG)
}
