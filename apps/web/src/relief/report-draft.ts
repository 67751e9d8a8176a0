import { isAreaUnit, readQuantity, type SaidQuantity } from '@chunbo/contract/quantity'
import type { AlertInput } from '@chunbo/contract/relief'

/** What the form holds; it is kept on the phone as it is, so that a closed page or an empty battery loses nothing. */
export interface ReportDraft {
  key: string
  produceSlug: string | null
  produceText: string
  amount: string
  unit: string
  yieldAmount: string
  yieldUnit: string
  countyCode: number
  countyName: string
  township: string
  village: string
  lngE5: number | null
  latE5: number | null
  isPicked: boolean
  harvestFrom: string
  harvestTo: string
  pickedOn: string
  floorYuan: string
  households: string
  words: string
  pictures: string[]
  name: string
  phone: string
  relation: string
}

export const STEPS = ['produce', 'quantity', 'place', 'time', 'photos', 'contact'] as const
export type Step = (typeof STEPS)[number]

/** What is missing or wrong in a step; the texts know each. */
export type Lack = 'produce' | 'amount' | 'unit' | 'yield' | 'county' | 'days' | 'over' | 'picked' | 'name' | 'phone'

export const emptyDraft = (key: string, today: string): ReportDraft => ({
  key,
  produceSlug: null,
  produceText: '',
  amount: '',
  unit: '斤',
  yieldAmount: '',
  yieldUnit: '斤',
  countyCode: 0,
  countyName: '',
  township: '',
  village: '',
  lngE5: null,
  latE5: null,
  isPicked: false,
  harvestFrom: today,
  harvestTo: addDays(today, 7),
  pickedOn: today,
  floorYuan: '',
  households: '',
  words: '',
  pictures: [],
  name: '',
  phone: '',
  relation: '',
})

/** The day so many days after a day, both YYYY-MM-DD. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The day it is in China, where the harvest is. */
export const todayInChina = (nowMs: number): string => new Date(nowMs + 8 * 3_600_000).toISOString().slice(0, 10)

/** Digits as a phone's Chinese keyboard types them become plain ones. */
const plain = (text: string) => text.normalize('NFKC').replace(/,/g, '').trim()

export function saidQuantity(draft: ReportDraft): SaidQuantity {
  const said = { amount: plain(draft.amount), unit: draft.unit }
  if (!isAreaUnit(draft.unit)) return said
  return { ...said, yieldPerUnit: { amount: plain(draft.yieldAmount), unit: draft.yieldUnit } }
}

function lackOfQuantity(draft: ReportDraft): Lack | null {
  const read = readQuantity(saidQuantity(draft))
  if (!('refused' in read)) return null
  if (read.refused === 'unit_no_mass' || read.refused === 'unit_unknown') return 'unit'
  return read.refused === 'yield_needed' || read.refused === 'yield_unreadable' ? 'yield' : 'amount'
}

function lackOfTime(draft: ReportDraft, today: string): Lack | null {
  if (draft.isPicked) return draft.pickedOn === '' || draft.pickedOn > today ? 'picked' : null
  if (draft.harvestFrom === '' || draft.harvestTo === '' || draft.harvestTo < draft.harvestFrom) return 'days'
  return draft.harvestTo < today ? 'over' : null
}

/** What a step still lacks, or null when one may go on. */
export function lackOf(step: Step, draft: ReportDraft, today: string): Lack | null {
  switch (step) {
    case 'produce':
      return draft.produceSlug === null && draft.produceText.trim() === '' ? 'produce' : null
    case 'quantity':
      return lackOfQuantity(draft)
    case 'place':
      return draft.countyCode === 0 ? 'county' : null
    case 'time':
      return lackOfTime(draft, today)
    case 'photos':
      return null
    case 'contact':
      if (draft.name.trim() === '') return 'name'
      return /^\+?[0-9 ()-]{7,20}$/.test(plain(draft.phone)) ? null : 'phone'
  }
}

/** Yuan a kilogram as fen, or null where nothing readable stands. */
function toFen(yuan: string): number | null {
  const match = /^(\d{1,5})(?:\.(\d{1,2}))?$/.exec(plain(yuan))
  if (!match) return null
  const fen = Number(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`)
  return fen > 0 ? fen : null
}

function toCount(text: string): number | null {
  const n = /^\d{1,6}$/.test(plain(text)) ? Number(plain(text)) : 0
  return n > 0 ? n : null
}

/** The draft as the server takes it; only where no step lacks anything. */
export function toInput(draft: ReportDraft): AlertInput {
  const { key, produceSlug, countyCode, township, village, lngE5, latE5, isPicked } = draft
  return {
    key,
    produceSlug,
    ...(produceSlug === null ? { produceText: draft.produceText.trim() } : {}),
    quantity: saidQuantity(draft) as AlertInput['quantity'],
    countyCode,
    township: township.trim(),
    village: village.trim(),
    lngE5,
    latE5,
    // What has been picked is not on the plant any more: its day is the harvest.
    harvestFrom: isPicked ? draft.pickedOn : draft.harvestFrom,
    harvestTo: isPicked ? draft.pickedOn : draft.harvestTo,
    pickedOn: isPicked ? draft.pickedOn : null,
    floorFenPerKg: toFen(draft.floorYuan),
    households: toCount(draft.households),
    words: draft.words.trim(),
    pictures: draft.pictures,
    contact: { name: draft.name.trim(), phone: plain(draft.phone), relation: draft.relation.trim() },
  }
}
