import type { Lot, SkuEdit, SkuInput, StudioSku } from '@chunbo/contract/catalogue'
import { formatYuan } from '@chunbo/contract/money'
import { numberTrouble } from './number-trouble.ts'
import { parseDecimal } from './parse-decimal.ts'
import { studioText } from './texts.ts'
import { skuText } from './texts-skus.ts'
import { fittingUnit, inUnit, MASS_UNITS, PACK_UNITS } from './units.ts'

export type PackUnit = (typeof PACK_UNITS)[number]
const FEN_PER_YUAN = 100
const PRICE_FEN_MAX = 100_000_000
const NET_G_MAX = 1_000_000
const STOCK_MAX = 1_000_000_000
const BUYER_LIMIT_MAX = 100_000

/** What stands in the form, as it was typed. `stock` is used for a new product only. */
export interface SkuForm {
  lotId: number
  titleZh: string
  titleEn: string
  packZh: string
  packEn: string
  net: string
  netUnit: PackUnit
  price: string
  stock: string
  buyerLimit: string
  storyZh: string
  storyEn: string
}

/** A form for a new product of `lot`, filled with what the lot already tells. */
export function newSkuForm(lot: Lot | undefined): SkuForm {
  const typicalG = lot?.produce.netGTypical ?? null
  const netUnit = typicalG === null ? 'jin' : (fittingUnit(typicalG, ['jin', 'g']) as PackUnit)
  return {
    lotId: lot?.id ?? 0,
    titleZh: '',
    titleEn: '',
    packZh: '',
    packEn: '',
    net: typicalG === null ? '' : inUnit(typicalG, netUnit),
    netUnit,
    price: '',
    stock: '',
    buyerLimit: '20',
    storyZh: '',
    storyEn: '',
  }
}

export function skuFormOf(sku: StudioSku): SkuForm {
  const netUnit = fittingUnit(sku.netG, PACK_UNITS) as PackUnit
  const { lotId, titleZh, titleEn, packZh, packEn, storyZh, storyEn } = sku
  return {
    ...{ lotId, titleZh, titleEn, packZh, packEn, storyZh, storyEn },
    net: inUnit(sku.netG, netUnit),
    netUnit,
    price: formatYuan(sku.priceFen),
    stock: '',
    buyerLimit: String(sku.buyerLimit),
  }
}

const readNet = (form: SkuForm) => parseDecimal(form.net, MASS_UNITS[form.netUnit].grams, NET_G_MAX)
const readPrice = (form: SkuForm) => parseDecimal(form.price, FEN_PER_YUAN, PRICE_FEN_MAX)
const readStock = (form: SkuForm) => parseDecimal(form.stock === '' ? '0' : form.stock, 1, STOCK_MAX)
const readLimit = (form: SkuForm) => parseDecimal(form.buyerLimit, 1, BUYER_LIMIT_MAX)

/** The numbers in the form that can be read just now, for the previews. */
export interface SkuNumbers {
  netG: number | undefined
  priceFen: number | undefined
  stock: number
}
export function skuNumbers(form: SkuForm): SkuNumbers {
  const [net, price, stock] = [readNet(form), readPrice(form), readStock(form)]
  return {
    netG: net.ok && net.value > 0 ? net.value : undefined,
    priceFen: price.ok && price.value > 0 ? price.value : undefined,
    stock: stock.ok ? stock.value : 0,
  }
}

/** How many packs of `netG` grams the lot still has grams for. */
export function packsLeft(lot: { grams: number; allocatedG: number }, netG: number): number {
  return Math.max(0, Math.floor((lot.grams - lot.allocatedG) / netG))
}

export type SkuTrouble = Partial<Record<'lotId' | 'titleZh' | 'net' | 'price' | 'stock' | 'buyerLimit', string>>

/** What keeps the form from being saved, by field. `lot` is given for a new product, whose packs it must hold. */
export function skuTrouble(form: SkuForm, lot: Lot | undefined): SkuTrouble {
  const trouble: SkuTrouble = {}
  const put = (field: keyof SkuTrouble, text: string | undefined) => {
    if (text !== undefined) trouble[field] = text
  }
  const stock = readStock(form)
  const { netG } = skuNumbers(form)
  put('titleZh', form.titleZh.trim() === '' ? studioText('required') : undefined)
  put('net', numberTrouble(readNet(form), 'mass'))
  put('price', numberTrouble(readPrice(form), 'money'))
  put('buyerLimit', numberTrouble(readLimit(form), 'count'))
  if (!stock.ok) put('stock', numberTrouble(stock, 'count'))
  else if (lot && netG !== undefined && stock.value > packsLeft(lot, netG))
    put('stock', skuText('tooMany', { n: packsLeft(lot, netG) }))
  return trouble
}

/** The texts and numbers of the form, undefined while a number cannot be read. */
function readForm(form: SkuForm) {
  const [net, price, limit] = [readNet(form), readPrice(form), readLimit(form)]
  if (!net.ok || !price.ok || !limit.ok) return undefined
  const texts = {
    titleZh: form.titleZh.trim(),
    titleEn: form.titleEn.trim(),
    packZh: form.packZh.trim(),
    packEn: form.packEn.trim(),
    storyZh: form.storyZh.trim(),
    storyEn: form.storyEn.trim(),
  }
  return { ...texts, netG: net.value, priceFen: price.value, buyerLimit: limit.value }
}

/** The form as the API takes it for a new product. */
export function skuInput(form: SkuForm, pictureIds: string[]): SkuInput | undefined {
  const read = readForm(form)
  const stock = readStock(form)
  return read && stock.ok ? { ...read, lotId: form.lotId, stock: stock.value, pictureIds } : undefined
}

/**
 * Only what differs from `sku`, so that two people who change different things of one product lose nothing, and so that the
 * net weight, which stands still once a product has been on sale, is not sent along.
 */
export function skuEdit(form: SkuForm, pictureIds: string[], sku: StudioSku): SkuEdit | undefined {
  const read = readForm(form)
  if (read === undefined) return undefined
  const edit: SkuEdit = { version: sku.version }
  for (const key of ['titleZh', 'titleEn', 'packZh', 'packEn', 'storyZh', 'storyEn'] as const)
    if (read[key] !== sku[key]) edit[key] = read[key]
  for (const key of ['netG', 'priceFen', 'buyerLimit'] as const) if (read[key] !== sku[key]) edit[key] = read[key]
  const before = sku.pictures.map((picture) => picture.id)
  if (before.join() !== pictureIds.join()) edit.pictureIds = pictureIds
  return edit
}

/** True when the edit changes nothing but carries the version. */
export function isEmptyEdit(edit: SkuEdit): boolean {
  return Object.keys(edit).length === 1
}
