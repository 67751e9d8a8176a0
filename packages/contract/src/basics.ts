import { type Static, type TProperties, Type } from 'typebox'

/** Words that many schemas share. Sizes are limits on what a stranger can send. */

export const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
export const Uuid = Type.String({ pattern: '^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$' })
export const Fen = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 })
export const Grams = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const Packs = Type.Integer({ minimum: 0, maximum: 2_000_000_000 })
/** A UTC instant as RFC 3339 text. */
export const Instant = Type.String({ format: 'date-time', maxLength: 35 })
/** A calendar day, YYYY-MM-DD, with no zone. */
export const Day = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' })
export const DivisionCode = Type.Integer({ minimum: 110000, maximum: 999999 })
export const text = (maxLength: number, minLength = 0) => Type.String({ minLength, maxLength })
export const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])
/** One of these words. A call by name, so that the bundler can leave out the schemas that no page uses. */
export const oneOf = <const T extends readonly string[]>(words: T) =>
  Type.Unsafe<T[number]>(Type.Union(words.map((word) => Type.Literal(word))))
/** An object that refuses what it does not know, so that a misspelt field is an error and not silence. */
export const exact = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false })

/** A page of a list; `next` is an opaque cursor, null at the end. */
export const page = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Object({ items: Type.Array(item), next: nullable(Type.String({ maxLength: 200 })) })
export const PageQuery = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
})
export const IdParams = Type.Object({ id: Id })

/** A place name from province to county, in the order a letter would carry it. */
export const Place = Type.Object({
  code: DivisionCode,
  province: Type.String(),
  prefecture: Type.String(),
  county: Type.String(),
})
export type Place = Static<typeof Place>

/** A picture by id; it is served at /api/pictures/{id}/{400|800|1600}.webp. */
export const Picture = Type.Object({ id: Uuid, width: Type.Integer(), height: Type.Integer() })
export type Picture = Static<typeof Picture>
export const PICTURE_WIDTHS = [400, 800, 1600] as const
/** Address of a picture on the site. `width` in pixels, one of the three that are kept. */
export const pictureUrl = (id: string, width: (typeof PICTURE_WIDTHS)[number]) => `/api/pictures/${id}/${width}.webp`
