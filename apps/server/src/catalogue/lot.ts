import type { Grade, LotInput } from '@chunbo/contract'
import type { catalogueErrors } from './errors.ts'

/** Why a rule says no: a code of this slice and the facts its text needs. */
export interface Refused {
  readonly code: keyof typeof catalogueErrors
  readonly params?: Record<string, unknown>
}

/** What the rules need to know of a lot; allocatedG is what its SKUs have put into packs, in grams. */
export interface LotState {
  readonly version: number
  readonly produceSlug: string
  readonly countyCode: number
  readonly allocatedG: number
  /** True when a SKU of it is or was on sale. */
  readonly published: boolean
  /** The grade that an inspector has signed; null where none has. */
  readonly inspectedGrade: Grade | null
}

/** Lots of a shop, at most. */
export const SHOP_LOTS_MAX = 2_000
const HARVEST_DAYS_MAX = 400

/** Days since 1970 of a calendar day, or null when there is no such day (30 February). */
function dayNumber(day: string): number | null {
  const ms = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day ? null : ms / 86_400_000
}

/** The harvest window: two real days, the first not after the second, at most 400 days apart. */
export function checkHarvest(lot: Pick<LotInput, 'harvestFrom' | 'harvestTo'>): Refused | null {
  const from = dayNumber(lot.harvestFrom)
  const to = dayNumber(lot.harvestTo)
  const fits = from !== null && to !== null && from <= to && to - from <= HARVEST_DAYS_MAX
  return fits ? null : { code: 'catalogue.harvest_window' }
}

/**
 * Whether a lot may become what the input says. Its grams can't go below what is in packs. Once one of its SKUs has been on
 * sale its produce and county stay, because sold grams are counted by them. An inspector's grade stays too.
 */
export function checkLotEdit(now: LotState, input: LotInput, seenVersion: number | undefined): Refused | null {
  if (seenVersion !== undefined && seenVersion !== now.version) {
    return { code: 'catalogue.changed_meanwhile', params: { version: now.version } }
  }
  if (input.grams < now.allocatedG) {
    return { code: 'catalogue.lot_below_allocated', params: { allocatedG: now.allocatedG } }
  }
  const moved = input.produceSlug !== now.produceSlug || input.countyCode !== now.countyCode
  if ((now.published || now.inspectedGrade !== null) && moved) return { code: 'catalogue.lot_origin_fixed' }
  if (now.inspectedGrade !== null && input.grade !== now.inspectedGrade) return { code: 'catalogue.grade_inspected' }
  return checkHarvest(input)
}
