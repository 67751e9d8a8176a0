import type { ScreenFigures } from '@chunbo/contract'
import type { EveningContext } from './context.ts'
import { readShow } from './evening-room.ts'
import { findAllCards, timeOnAir } from './read-report.ts'
import { gridOf, readSteps } from './read-steps.ts'
import { readRoomLines } from './room-lines.ts'

/** Goods that the screen lists. */
const GOODS_MAX = 6
const NOTHING = { grams: 0, fen: 0, orders: 0, packs: 0 }

/** What the big screen shows: of nobody but of all. Before the show it is all zeros. @throws Refusal evening.room_not_found */
export async function readScreen(context: EveningContext, roomId: number): Promise<ScreenFigures> {
  const { db, clock } = context.platform
  const show = await readShow(db, roomId)
  const now = clock.now()
  const begun = show.startedAt !== null
  const onAir = begun ? timeOnAir(show, now) : { from: now, until: now }
  const grid = gridOf(onAir.from, onAir.until)
  const lines = await readRoomLines(db, roomId, onAir, grid)
  const [watched, cards] = await Promise.all([
    readSteps(db, roomId, onAir, grid, lines.steps),
    findAllCards(
      context,
      [...lines.goods.slice(0, GOODS_MAX), ...lines.pins].map(({ skuId }) => skuId),
    ),
  ])
  const pinned = lines.pins.findLast((pin) => pin.until === null)
  const sku = pinned && cards.get(pinned.skuId)
  const live = context.live.inMemory(roomId)?.figures
  return {
    room: show.room,
    sold: lines.sold,
    waitingOrders: lines.waitingOrders,
    buyers: lines.buyers,
    viewers: live?.viewers ?? 0,
    viewersPeak: Math.max(show.viewersPeak, watched.peak, live?.viewersPeak ?? 0),
    entries: watched.entries,
    likes: Math.max(show.likes, live?.likes ?? 0),
    pin:
      pinned && sku ? { sku, since: new Date(pinned.from).toISOString(), sold: soldOf(lines.goods, sku.skuId) } : null,
    goods: lines.goods.slice(0, GOODS_MAX).flatMap(({ skuId, sold }) => {
      const card = cards.get(skuId)
      return card ? [{ skuId, titleZh: card.titleZh, titleEn: card.titleEn, stock: card.stock, sold }] : []
    }),
    provinces: [...lines.provinces],
    stepMin: grid.stepMin,
    steps: begun ? [...watched.steps] : [],
    pins: lines.pins.map(({ from, skuId }) => ({ at: new Date(from).toISOString(), skuId })),
    asOf: lines.asOf.toISOString(),
  }
}

function soldOf(goods: readonly { readonly skuId: number; readonly sold: ScreenFigures['sold'] }[], skuId: number) {
  return goods.find((each) => each.skuId === skuId)?.sold ?? NOTHING
}
