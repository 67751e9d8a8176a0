/** Packs in stock under which a product counts as running low. */
const LOW_PACKS = 20

export function isLow(stock: number): boolean {
  return stock < LOW_PACKS
}
