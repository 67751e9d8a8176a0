import type { EveningGoods, EveningReport, SkuCard, Sold } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { EveningContext } from './context.ts'
import { readShow, type Show } from './evening-room.ts'
import { readAgain } from './read-again.ts'
import { gridOf, readSteps } from './read-steps.ts'
import { type RoomLines, readRoomLines } from './room-lines.ts'

const NOTHING: Sold = { grams: 0, fen: 0, orders: 0, packs: 0 }
/** SKUs in one look-up of the catalogue. */
const CARDS_MAX = 100
const NO_ONE_AGAIN = { buyers: 0, within30Days: 0, orders: 0, fen: 0 }

/** From when to when a show was on air, so far. @throws Refusal evening.not_begun */
export function timeOnAir({ startedAt, endedAt }: Show, now: Date): { from: Date; until: Date } {
  if (startedAt === null) throw new Refusal('evening.not_begun')
  const until = endedAt ?? now
  return { from: startedAt, until: until > startedAt ? until : startedAt }
}

/** Cards of any number of SKUs. */
export async function findAllCards(
  { catalogue }: Pick<EveningContext, 'catalogue'>,
  skuIds: Iterable<number>,
): Promise<Map<number, SkuCard>> {
  const ids = [...new Set(skuIds)]
  const cards = new Map<number, SkuCard>()
  for (let at = 0; at < ids.length; at += CARDS_MAX)
    for (const card of await catalogue.findCards(ids.slice(at, at + CARDS_MAX))) cards.set(card.skuId, card)
  return cards
}

function add(one: Sold, other: Sold): Sold {
  return {
    grams: one.grams + other.grams,
    fen: one.fen + other.fen,
    orders: one.orders + other.orders,
    packs: one.packs + other.packs,
  }
}

/** What was sold or explained, the most money first. */
function goodsOf(lines: RoomLines, cards: ReadonlyMap<number, SkuCard>, until: Date): EveningGoods[] {
  const sold = new Map(lines.goods.map((each) => [each.skuId, each.sold]))
  const ids = new Set([...sold.keys(), ...lines.pins.map((pin) => pin.skuId)])
  const goods = [...ids].flatMap((skuId): EveningGoods[] => {
    const card = cards.get(skuId)
    if (!card) return []
    const pins = lines.pins.filter((pin) => pin.skuId === skuId)
    const explainedMs = pins.reduce(
      (sum, pin) => sum + Math.max(0, (pin.until ? Date.parse(pin.until) : until.getTime()) - Date.parse(pin.from)),
      0,
    )
    const { shopId, titleZh, titleEn, family, picture, priceFen, netG } = card
    return [
      {
        ...{ shopId, skuId, titleZh, titleEn, family, picture, priceFen, netG },
        sold: sold.get(skuId) ?? NOTHING,
        // The segments of one product never overlap, so no order is in two of them.
        soldWhileExplained: pins.reduce((sum, pin) => add(sum, pin.sold), NOTHING),
        explainedS: Math.round(explainedMs / 1000),
        segments: pins.length,
      },
    ]
  })
  return goods.sort((one, other) => other.sold.fen - one.sold.fen || one.skuId - other.skuId)
}

/** The report of a show, also while it runs. @throws Refusal evening.room_not_found, evening.not_begun */
export async function readReport(context: EveningContext, roomId: number): Promise<EveningReport> {
  const { db, clock } = context.platform
  const show = await readShow(db, roomId)
  const onAir = timeOnAir(show, clock.now())
  const grid = gridOf(onAir.from, onAir.until)
  const lines = await readRoomLines(db, roomId, onAir, grid)
  const skuIds = [...lines.goods.map(({ skuId }) => skuId), ...lines.pins.map(({ skuId }) => skuId)]
  const [watched, again, cards, questions, drops] = await Promise.all([
    readSteps(db, roomId, onAir, grid, lines.steps),
    show.endedAt ? readAgain(db, { id: roomId, countyCode: show.room.county.code }, onAir) : NO_ONE_AGAIN,
    findAllCards(context, skuIds),
    context.questionsOf(roomId),
    context.dropsOf(roomId),
  ])
  const lengthS = Math.round((onAir.until.getTime() - onAir.from.getTime()) / 1000)
  const live = context.live.inMemory(roomId)?.figures
  const { entries, watchedS, chat } = watched
  return {
    room: show.room,
    lengthS,
    stepMin: grid.stepMin,
    steps: [...watched.steps],
    segments: lines.pins.map((pin) => ({
      ...pin,
      from: new Date(pin.from).toISOString(),
      until: pin.until ? new Date(pin.until).toISOString() : null,
    })),
    goods: goodsOf(lines, cards, onAir.until),
    sold: lines.sold,
    soldOnAir: lines.soldOnAir,
    audience: {
      peak: Math.max(show.viewersPeak, watched.peak, live?.viewersPeak ?? 0),
      mean: lengthS === 0 ? 0 : Math.round((watchedS / lengthS) * 10) / 10,
      entries,
      watchedS,
      likes: Math.max(show.likes, live?.likes ?? 0),
      chat,
    },
    buyers: lines.buyers,
    conversion: entries === 0 ? null : lines.buyers / entries,
    gpmFen: entries === 0 ? null : Math.round((lines.soldOnAir.fen * 1000) / entries),
    perBuyerFen: lines.buyers === 0 ? null : Math.round(lines.soldOnAir.fen / lines.buyers),
    again,
    questions,
    drops: [...drops],
    asOf: lines.asOf.toISOString(),
  }
}
