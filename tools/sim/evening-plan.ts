import { randomFrom } from './random.ts'

/**
 * What happens in a simulated evening and when, all of it drawn from the seed before it begins: who buys what, when the host pins, who
 * comes and goes. Times are ms from the start of the sale, already compressed.
 */

/** What is sold. The amounts are those of a county's warehouse; the last one is made scarce, so that the sale runs into its end. */
export interface PlannedGoods {
  readonly titleZh: string
  readonly titleEn: string
  readonly priceFen: number
  readonly netG: number
  /** Share of the orders that want it while it is pinned. */
  readonly pull: number
  /** Packs put in, by planned order of the evening. */
  readonly packsByOrder: number
}

export const GOODS: readonly PlannedGoods[] = [
  { titleZh: '平顺潞党参', titleEn: 'Codonopsis', priceFen: 5_980, netG: 250, pull: 0.7, packsByOrder: 2 },
  { titleZh: '太行黄小米', titleEn: 'Millet', priceFen: 3_490, netG: 2_500, pull: 0.8, packsByOrder: 2 },
  { titleZh: '平顺山地土豆', titleEn: 'Potatoes', priceFen: 2_390, netG: 5_000, pull: 0.8, packsByOrder: 2 },
  { titleZh: '花椒小袋', titleEn: 'Sichuan pepper', priceFen: 1_990, netG: 100, pull: 0.6, packsByOrder: 2 },
  {
    titleZh: '新采连翘茶（限量）',
    titleEn: 'Forsythia tea, few',
    priceFen: 4_900,
    netG: 100,
    pull: 0.9,
    packsByOrder: 0.03,
  },
]

export interface EveningSize {
  readonly seed: number
  /** Orders that are paid in the end, at least. */
  readonly orders: number
  /** Viewers of the whole evening, of whom not all are there at the same time. */
  readonly viewers: number
  readonly buyers: number
  readonly durationMs: number
}

export interface PlannedOrder {
  readonly atMs: number
  readonly buyer: number
  readonly goods: number
  readonly qty: number
  /** pay: paid at once. leave: never paid. cancel: cancelled by the buyer. twice: sent twice with the same key, then paid. */
  readonly then: 'pay' | 'leave' | 'cancel' | 'twice'
}
export interface PlannedPin {
  readonly atMs: number
  readonly goods: number
}
export interface PlannedVisit {
  readonly fromMs: number
  readonly toMs: number
  /** When its line breaks in between, to be back by itself. */
  readonly dropsAtMs: readonly number[]
}
export interface PlannedLine {
  readonly atMs: number
  readonly buyer: number
}

export interface EveningPlan {
  readonly size: EveningSize
  readonly pins: readonly PlannedPin[]
  readonly orders: readonly PlannedOrder[]
  readonly visits: readonly PlannedVisit[]
  readonly chat: readonly PlannedLine[]
}

/** What is pinned in turn; a segment in three hours is a quarter of an hour long. The scarce one has one. */
const PINNED = [0, 1, 2, 3, 0, 1, 2, 4, 3, 0, 1, 2] as const
/** Taps for each order that is paid in the end: some find it sold out, some cancel, some do not pay. */
const TAPS_BY_ORDER = 1.15
/** The burst after a pin dies away within a third of its segment. */
const BURST_SHARE = 0.33
/** Lines of chat of one buyer: what the room lets one say for ever. */
const CHAT_EVERY_MS = 4_000
/** A viewer stays for a quarter of the evening on average. */
const STAY_SHARE = 0.25

export function planEvening(size: EveningSize): EveningPlan {
  const random = randomFrom(size.seed)
  const segmentMs = size.durationMs / PINNED.length
  const pins = PINNED.map((goods, turn) => ({ atMs: turn * segmentMs, goods }))
  return {
    size,
    pins,
    orders: planOrders(size, pins, segmentMs, random),
    visits: Array.from({ length: size.viewers }, () => planVisit(size, random)),
    chat: planChat(size, random),
  }
}

function planOrders(
  size: EveningSize,
  pins: readonly PlannedPin[],
  segmentMs: number,
  random: () => number,
): PlannedOrder[] {
  const orders = Array.from({ length: Math.ceil(size.orders * TAPS_BY_ORDER) }, (_, turn): PlannedOrder => {
    const pin = pins[Math.floor(random() * pins.length)] ?? { atMs: 0, goods: 0 }
    const afterMs = Math.min(-Math.log(1 - random()) * segmentMs * BURST_SHARE, segmentMs - 1)
    const pulled = random() < (GOODS[pin.goods]?.pull ?? 0)
    const goods = pulled ? pin.goods : Math.floor(random() * (GOODS.length - 1))
    const qty = random() < 0.15 ? 2 : 1
    const end = random()
    const then = end < 0.94 ? 'pay' : end < 0.96 ? 'twice' : end < 0.98 ? 'cancel' : 'leave'
    // Buyers take turns, so that nobody meets the limit of a minute.
    return { atMs: pin.atMs + afterMs, buyer: turn % size.buyers, goods, qty, then }
  })
  return orders.sort((a, b) => a.atMs - b.atMs)
}

function planVisit({ durationMs }: EveningSize, random: () => number): PlannedVisit {
  const stayMs = Math.max(1_500, -Math.log(1 - random()) * durationMs * STAY_SHARE)
  // Those who are there from the beginning have come before it.
  const fromMs = Math.max(0, random() * (durationMs + stayMs) - stayMs)
  const toMs = Math.min(durationMs, fromMs + stayMs)
  const dropsAtMs = random() < 0.3 ? [fromMs + random() * (toMs - fromMs)] : []
  return { fromMs, toMs, dropsAtMs }
}

function planChat({ buyers, durationMs }: EveningSize, random: () => number): PlannedLine[] {
  const talkers = Math.min(buyers, 40)
  const lines: PlannedLine[] = []
  for (let buyer = 0; buyer < talkers; buyer += 1)
    for (let atMs = random() * CHAT_EVERY_MS; atMs < durationMs; atMs += CHAT_EVERY_MS * (1 + random()))
      lines.push({ atMs, buyer })
  return lines.sort((a, b) => a.atMs - b.atMs)
}
