/**
 * Reads how much there is, in the unit in which a farmer says it, as integer grams. Exact: amounts and units are fractions of
 * big integers, rounded half up once, at the end. Units and their meaning are those of the law on units of measurement and
 * of the market: 1 斤 = 500 g, 1 担 = 100 斤, 1 万斤 = 5 t.
 */

/** Grams of a unit of mass as a fraction. */
type Fraction = readonly [grams: bigint, of: bigint]

const MASS: ReadonlyMap<string, Fraction> = new Map(
  Object.entries({
    '克 g gram grams': [1n, 1n],
    钱: [5n, 1n],
    '两 liang': [50n, 1n],
    '斤 市斤 jin catty catties': [500n, 1n],
    '公斤 千克 kg kilo kilos kilogram kilograms': [1000n, 1n],
    '磅 lb lbs pound pounds': [45_359_237n, 100_000n],
    '担 dan': [50_000n, 1n],
    千斤: [500_000n, 1n],
    '吨 公吨 t ton tons tonne tonnes': [1_000_000n, 1n],
    万斤: [5_000_000n, 1n],
    万公斤: [10_000_000n, 1n],
    万吨: [10_000_000_000n, 1n],
  } satisfies Record<string, Fraction>).flatMap(([names, grams]) => names.split(' ').map((name) => [name, grams])),
)
/** Units of land say nothing of mass without what one of them yields. */
const AREA = new Set(['亩', '市亩', '分地', '公顷', 'mu', 'ha', 'hectare', 'hectares'])
/** Understood, and no mass: a cart holds one tonne or thirty. */
const NO_MASS = new Set(
  (
    '车 卡车 货车 箱 件 筐 袋 包 盒 份 个 只 枚 头 棵 株 把 捆 篓 桶 板 托 升 毫升 ' +
    'truck trucks truckload truckloads box boxes carton cartons crate crates bag bags basket baskets piece pieces bunch ' +
    'bundle litre litres liter liters l ml'
  ).split(' '),
)

/** More than a million tonnes of one harvest in one place is a slip of the hand. */
export const QUANTITY_G_MAX = 1_000_000_000_000

/** Units that a form offers, the commonest first. */
export const QUANTITY_UNITS = ['斤', '公斤', '吨', '万斤', '担', '亩', '公顷', '车'] as const

export type QuantityRefusal =
  /** No number, or not more than zero. */
  | 'amount_unreadable'
  /** Less than half a gram. */
  | 'too_little'
  /** More than QUANTITY_G_MAX. */
  | 'too_much'
  | 'unit_unknown'
  /** A unit that is no mass, such as 车: say it in tonnes. */
  | 'unit_no_mass'
  /** Land without what it yields. */
  | 'yield_needed'
  /** What the land yields is not said as a mass. */
  | 'yield_unreadable'

export type ReadQuantity = { readonly grams: number } | { readonly refused: QuantityRefusal }

/** A quantity as it is said; `amount` is decimal text with at most three places. */
export interface SaidQuantity {
  readonly amount: string
  readonly unit: string
  /** What one unit of land yields. */
  readonly yieldPerUnit?: { readonly amount: string; readonly unit: string } | undefined
}

const DECIMAL = /^(\d{1,12})(?:\.(\d{1,3}))?$/

/** Decimal text as thousandths, or null where it is no positive number with at most three places. */
function readThousandths(text: string): bigint | null {
  const match = DECIMAL.exec(text.trim())
  if (!match) return null
  const thousandths = BigInt(`${match[1]}${(match[2] ?? '').padEnd(3, '0')}`)
  return thousandths > 0n ? thousandths : null
}

const plainUnit = (unit: string) => unit.trim().toLowerCase()

function divideHalfUp(value: bigint, by: bigint): bigint {
  return (2n * value + by) / (2n * by)
}

function bound(grams: bigint): ReadQuantity {
  if (grams < 1n) return { refused: 'too_little' }
  if (grams > BigInt(QUANTITY_G_MAX)) return { refused: 'too_much' }
  return { grams: Number(grams) }
}

/** Whether a unit is one of land, which needs what one of it yields. */
export const isAreaUnit = (unit: string): boolean => AREA.has(plainUnit(unit))

/** A quantity in integer grams, or why it is none. Never throws, whatever it is given. */
export function readQuantity(said: SaidQuantity): ReadQuantity {
  const unit = plainUnit(said.unit)
  const mass = MASS.get(unit)
  if (!mass && NO_MASS.has(unit)) return { refused: 'unit_no_mass' }
  if (!mass && !AREA.has(unit)) return { refused: 'unit_unknown' }
  const amount = readThousandths(said.amount)
  if (amount === null) return { refused: 'amount_unreadable' }
  if (mass) return bound(divideHalfUp(amount * mass[0], 1000n * mass[1]))
  if (!said.yieldPerUnit) return { refused: 'yield_needed' }
  const yieldMass = MASS.get(plainUnit(said.yieldPerUnit.unit))
  const yieldAmount = readThousandths(said.yieldPerUnit.amount)
  if (!yieldMass || yieldAmount === null) return { refused: 'yield_unreadable' }
  return bound(divideHalfUp(amount * yieldAmount * yieldMass[0], 1_000_000n * yieldMass[1]))
}

/** A quantity as one writes it down: "3 万斤", "200 亩，每亩 3000 斤". */
export function sayQuantity(said: SaidQuantity): string {
  const whole = `${said.amount.trim()} ${said.unit.trim()}`
  if (!said.yieldPerUnit) return whole
  const yielded = `${said.yieldPerUnit.amount.trim()} ${said.yieldPerUnit.unit.trim()}`
  return `${whole}，每${said.unit.trim()} ${yielded}`
}

const NUMBER = String.raw`(\d{1,12}(?:\.\d{1,3})?)`
const UNIT = String.raw`([\p{Script=Han}a-z]{1,12}?)`
const ONE = new RegExp(`^${NUMBER}${UNIT}$`, 'u')
const WITH_YIELD = new RegExp(
  `^${NUMBER}(亩|市亩|分地|公顷|mu|ha)[,;x×*]?(?:亩产|每亩|每公顷|每分地|产|@)?(?:约)?${NUMBER}${UNIT}(?:/(?:亩|公顷|mu|ha))?$`,
  'u',
)

/**
 * Takes a quantity apart that was written in one piece, as a file or a caller's note has it: "3万斤", "1,200 公斤",
 * "２００亩，亩产3000斤". Null where it is no number and unit; whether the unit is known is for readQuantity to say.
 */
export function parseQuantity(text: string): SaidQuantity | null {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/[、，；]/g, ',')
    .replace(/\s+/g, '')
    .replace(/^(?:约|大约|大概|about)/, '')
  const land = WITH_YIELD.exec(plain)
  if (land) {
    const [, amount = '', unit = '', yieldAmount = '', yieldUnit = ''] = land
    return { amount, unit, yieldPerUnit: { amount: yieldAmount, unit: yieldUnit } }
  }
  const one = ONE.exec(plain)
  if (!one) return null
  const [, amount = '', unit = ''] = one
  return { amount, unit }
}
