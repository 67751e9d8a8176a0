import type { Grade } from '@chunbo/contract/catalogue'
import type { Merchant, MerchantInput } from '@chunbo/contract/merchants'
import { parseDecimal } from '../studio/parse-decimal.ts'
import { fittingUnit, inUnit, LOT_UNITS, MASS_UNITS } from '../studio/units.ts'

const GRAMS_MAX = 1_000_000_000_000
const FEN_MAX = 1_000_000_000_000

type LotUnit = (typeof LOT_UNITS)[number]

interface Store {
  name: string
  countyCode: number
  countyName: string
  lngE5: number | null
  latE5: number | null
}

/** A merchant's profile as it is typed. */
export interface ProfileForm {
  name: string
  phone: string
  shopId: number | null
  active: boolean
  families: string[]
  produceSlugs: string[]
  grades: Grade[]
  /** Codes of two, four or six digits; the page shows the provinces, the rest stays as it was. */
  regions: number[]
  reachKm: string
  capacity: string
  capacityUnit: LotUnit
  lotMin: string
  lotMinUnit: LotUnit
  packingDays: number
  cold: boolean
  capital: string
  deliverProvinces: number[]
  stores: Store[]
}

export const newStore = (): Store => ({ name: '', countyCode: 0, countyName: '', lngE5: null, latE5: null })

export const newProfileForm = (): ProfileForm => ({
  name: '',
  phone: '',
  shopId: null,
  active: true,
  families: [],
  produceSlugs: [],
  grades: [],
  regions: [],
  reachKm: '800',
  capacity: '',
  capacityUnit: 'tonne',
  lotMin: '',
  lotMinUnit: 'tonne',
  packingDays: 1,
  cold: false,
  capital: '',
  deliverProvinces: [],
  stores: [newStore()],
})

/** The form filled with a merchant as it stands. */
export function profileFormOf(merchant: Merchant): ProfileForm {
  const { name, phone, shopId, active, cold, packingDays } = merchant
  const capacityUnit = fittingUnit(merchant.capacityDayG, LOT_UNITS) as LotUnit
  const lotMinUnit = fittingUnit(merchant.lotMinG, LOT_UNITS) as LotUnit
  return {
    name,
    phone,
    shopId,
    active,
    cold,
    packingDays,
    families: [...merchant.families],
    produceSlugs: [...merchant.produceSlugs],
    grades: [...merchant.grades],
    regions: [...merchant.regions],
    reachKm: String(merchant.reachKm),
    capacity: inUnit(merchant.capacityDayG, capacityUnit),
    capacityUnit,
    lotMin: inUnit(merchant.lotMinG, lotMinUnit),
    lotMinUnit,
    capital: merchant.workingCapitalFen === null ? '' : inFen(merchant.workingCapitalFen),
    deliverProvinces: [...merchant.deliverProvinces],
    stores: merchant.warehouses.map(({ place, ...store }) => ({ ...store, countyName: place.county })),
  }
}

const inFen = (fen: number) => (fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2))

/** Which field keeps the profile from being sent; none when it can go. */
export type ProfileTrouble = 'name' | 'takes' | 'reachKm' | 'capacity' | 'lotMin' | 'capital' | 'stores'

/** The profile as the server takes it, or the fields that need their writer. */
export function profileInput(form: ProfileForm): MerchantInput | ProfileTrouble[] {
  const reach = parseDecimal(form.reachKm, 1, 6_000)
  const capacity = parseDecimal(form.capacity, MASS_UNITS[form.capacityUnit].grams, GRAMS_MAX)
  const lotMin = parseDecimal(form.lotMin === '' ? '0' : form.lotMin, MASS_UNITS[form.lotMinUnit].grams, GRAMS_MAX)
  const capital = form.capital.trim() === '' ? null : parseDecimal(form.capital, 100, FEN_MAX)
  const trouble: ProfileTrouble[] = []
  if (form.name.trim() === '') trouble.push('name')
  if (form.families.length === 0 && form.produceSlugs.length === 0) trouble.push('takes')
  if (!reach.ok || reach.value < 1) trouble.push('reachKm')
  if (!capacity.ok || capacity.value < 1_000) trouble.push('capacity')
  if (!lotMin.ok) trouble.push('lotMin')
  if (capital !== null && !capital.ok) trouble.push('capital')
  if (form.stores.some((store) => store.name.trim() === '' || store.countyCode === 0)) trouble.push('stores')
  if (trouble.length > 0 || !reach.ok || !capacity.ok || !lotMin.ok) return trouble
  return {
    name: form.name.trim(),
    phone: form.phone.trim(),
    shopId: form.shopId,
    active: form.active,
    families: form.families,
    produceSlugs: form.produceSlugs,
    grades: form.grades,
    regions: form.regions,
    reachKm: reach.value,
    capacityDayG: capacity.value,
    lotMinG: lotMin.value,
    packingDays: form.packingDays,
    cold: form.cold,
    workingCapitalFen: capital?.ok ? capital.value : null,
    deliverProvinces: form.deliverProvinces,
    warehouses: form.stores.map(({ name, countyCode, lngE5, latE5 }) => ({
      name: name.trim(),
      countyCode,
      lngE5,
      latE5,
    })),
  }
}
