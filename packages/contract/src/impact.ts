import { type Static, Type } from 'typebox'
import { DivisionCode, Fen, Grams, Id, Instant, nullable, Place } from './basics.ts'

/** Sums over paid and unrefunded order lines, nothing else. */
export const Sold = Type.Object({
  grams: Grams,
  fen: Fen,
  orders: Type.Integer({ minimum: 0 }),
  packs: Type.Integer({ minimum: 0 }),
})
export type Sold = Static<typeof Sold>
/** GET /api/impact/counties/{code} */
export const CountyImpact = Type.Object({
  code: DivisionCode,
  sold: Sold,
  byProduce: Type.Array(
    Type.Object({ produceSlug: Type.String(), nameZh: Type.String(), nameEn: Type.String(), sold: Sold }),
  ),
  byDay: Type.Array(Type.Object({ day: Type.String(), sold: Sold })),
  asOf: Instant,
})
export type CountyImpact = Static<typeof CountyImpact>
/** GET /api/impact/counties?limit= : counties with something sold, most grams first. */
export const CountyImpactList = Type.Object({
  total: Sold,
  items: Type.Array(Type.Object({ county: Place, sold: Sold })),
  asOf: Instant,
})
export type CountyImpactList = Static<typeof CountyImpactList>
/** GET /api/impact/rooms/{id} */
export const RoomImpact = Type.Object({ roomId: Id, sold: Sold, asOf: nullable(Instant) })
