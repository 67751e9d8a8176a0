import type { Grade, Lot, LotInput } from '@chunbo/contract/catalogue'
import { formatTotalWeight } from '@chunbo/contract/mass'
import { locale } from '../i18n/index.ts'
import { numberTrouble } from './number-trouble.ts'
import { parseDecimal } from './parse-decimal.ts'
import { studioText } from './texts.ts'
import { lotText } from './texts-lots.ts'
import { fittingUnit, inUnit, LOT_UNITS, MASS_UNITS } from './units.ts'

/** Grades in the order a farmer thinks of them. */
export const LOT_GRADES: readonly Grade[] = ['special', 'first', 'second', 'ungraded']
export type LotUnit = (typeof LOT_UNITS)[number]
const LOT_G_MAX = 1_000_000_000_000
const HARVEST_DAYS_MAX = 400
const DAY_MS = 86_400_000

/** What stands in the form, as it was typed. */
export interface LotForm {
  produceSlug: string
  countyCode: number
  township: string
  village: string
  farm: string
  harvestFrom: string
  harvestTo: string
  grade: Grade
  amount: string
  unit: LotUnit
}

/** A form for a new lot of a shop's own county, harvested from `today` (YYYY-MM-DD) on. */
export function newLotForm(countyCode: number, today: string): LotForm {
  return {
    produceSlug: '',
    countyCode,
    township: '',
    village: '',
    farm: '',
    harvestFrom: today,
    harvestTo: '',
    grade: 'ungraded',
    amount: '',
    unit: 'jin',
  }
}

export function lotFormOf(lot: Lot): LotForm {
  const unit = fittingUnit(lot.grams, LOT_UNITS) as LotUnit
  const { produceSlug, countyCode, township, village, farm, harvestFrom, harvestTo, grade } = lot
  const amount = inUnit(lot.grams, unit)
  return { produceSlug, countyCode, township, village, farm, harvestFrom, harvestTo, grade, amount, unit }
}

/** Grams in the form, undefined while the amount cannot be read. */
export function lotGrams(form: LotForm): number | undefined {
  const parsed = parseDecimal(form.amount, MASS_UNITS[form.unit].grams, LOT_G_MAX)
  return parsed.ok && parsed.value > 0 ? parsed.value : undefined
}

export type LotTrouble = Partial<Record<'produceSlug' | 'harvestFrom' | 'harvestTo' | 'amount', string>>

function harvestTrouble(form: LotForm): LotTrouble {
  if (form.harvestFrom === '') return { harvestFrom: studioText('required') }
  if (form.harvestTo === '') return { harvestTo: studioText('required') }
  if (form.harvestTo < form.harvestFrom) return { harvestTo: lotText('datesOrder') }
  const days = (Date.parse(form.harvestTo) - Date.parse(form.harvestFrom)) / DAY_MS
  return days > HARVEST_DAYS_MAX ? { harvestTo: lotText('datesLong') } : {}
}

/** What keeps the form from being saved, by field; empty when nothing does. `allocatedG`: grams that are in packs already. */
export function lotTrouble(form: LotForm, allocatedG: number): LotTrouble {
  const trouble: LotTrouble = harvestTrouble(form)
  if (form.produceSlug === '') trouble.produceSlug = studioText('required')
  const parsed = parseDecimal(form.amount, MASS_UNITS[form.unit].grams, LOT_G_MAX)
  const amount = numberTrouble(parsed, 'mass')
  if (amount !== undefined) trouble.amount = amount
  else if (parsed.ok && parsed.value < allocatedG)
    trouble.amount = lotText('belowPacked', { packed: formatTotalWeight(allocatedG, locale.value) })
  return trouble
}

/** The form as the API takes it; undefined while something is missing. */
export function lotInput(form: LotForm): LotInput | undefined {
  const grams = lotGrams(form)
  if (grams === undefined) return undefined
  const { produceSlug, countyCode, harvestFrom, harvestTo, grade } = form
  const place = { township: form.township.trim(), village: form.village.trim(), farm: form.farm.trim() }
  return { produceSlug, countyCode, ...place, harvestFrom, harvestTo, grade, grams }
}
