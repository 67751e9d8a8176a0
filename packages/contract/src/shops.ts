import { type Static, Type } from 'typebox'
import { DivisionCode, exact, Id, Place, text } from './basics.ts'

/** POST /api/shops (operator, or commissioner of the county) */
export const ShopInput = exact({
  countyCode: DivisionCode,
  nameZh: text(60, 1),
  nameEn: Type.Optional(text(120)),
  aboutZh: Type.Optional(text(2000)),
  aboutEn: Type.Optional(text(4000)),
})
export type ShopInput = Static<typeof ShopInput>
/** PATCH /api/shops/{id}. With the version that was read, another one in between is refused. */
export const ShopEdit = exact({
  version: Type.Optional(Type.Integer({ minimum: 1 })),
  nameZh: Type.Optional(text(60, 1)),
  nameEn: Type.Optional(text(120)),
  aboutZh: Type.Optional(text(2000)),
  aboutEn: Type.Optional(text(4000)),
  status: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('closed')])),
})
export type ShopEdit = Static<typeof ShopEdit>

/** GET /api/shops/{id}; GET /api/shops?county= (items); GET /api/my/shops (those the signed-in person works in) */
export const Shop = Type.Object({
  id: Id,
  version: Type.Integer(),
  nameZh: Type.String(),
  nameEn: Type.String(),
  aboutZh: Type.String(),
  aboutEn: Type.String(),
  status: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
  county: Place,
})
export type Shop = Static<typeof Shop>
