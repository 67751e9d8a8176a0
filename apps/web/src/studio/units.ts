import { divideText } from '@chunbo/contract/mass'

/** Units in which a harvest or a pack is spoken of, with their grams. */
export const MASS_UNITS = {
  g: { grams: 1, zh: '克', en: 'g' },
  liang: { grams: 50, zh: '两', en: 'liang' },
  jin: { grams: 500, zh: '斤', en: 'jin' },
  kg: { grams: 1000, zh: '公斤', en: 'kg' },
  tonne: { grams: 1_000_000, zh: '吨', en: 't' },
  wanJin: { grams: 5_000_000, zh: '万斤', en: '10,000 jin' },
} as const
export type MassUnit = keyof typeof MASS_UNITS

/** Units for a whole lot, the most usual first. */
export const LOT_UNITS = ['jin', 'kg', 'tonne', 'wanJin'] as const satisfies readonly MassUnit[]
/** Units for one pack. */
export const PACK_UNITS = ['jin', 'kg', 'g'] as const satisfies readonly MassUnit[]

/** Grams as exact decimal text in a unit, for filling a form: 1250 g in kg -> "1.25". */
export function inUnit(grams: number, unit: MassUnit): string {
  return divideText(grams, MASS_UNITS[unit].grams, 9)
}

/** The largest of `units` in which the amount reads without a long tail, to open a form with. */
export function fittingUnit(grams: number, units: readonly MassUnit[]): MassUnit {
  const bySize = [...units].sort((a, b) => MASS_UNITS[b].grams - MASS_UNITS[a].grams)
  const fits = bySize.find((unit) => grams >= MASS_UNITS[unit].grams && inUnit(grams, unit).length <= 6)
  return fits ?? bySize.at(-1) ?? 'g'
}
