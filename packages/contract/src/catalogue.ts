import { type Static, Type } from 'typebox'
import {
  Day,
  DivisionCode,
  exact,
  Fen,
  Grams,
  Id,
  Instant,
  nullable,
  oneOf,
  Packs,
  Picture,
  Place,
  text,
  Uuid,
} from './basics.ts'
import { Shop } from './shops.ts'

/** Families of produce, each with a drawn placeholder picture. */
export const PRODUCE_FAMILIES = [
  'citrus',
  'pome',
  'stone',
  'berry',
  'melon',
  'tropical',
  'fruit',
  'tuber',
  'root',
  'bulb',
  'leafy',
  'stem',
  'flower',
  'fruiting',
  'gourd',
  'pod',
  'vegetable',
  'mushroom',
  'egg',
  'meat',
  'nut',
  'dried',
  'grain',
  'beverage',
  'processed',
  'herb',
] as const
export type ProduceFamily = (typeof PRODUCE_FAMILIES)[number]
const Family = oneOf(PRODUCE_FAMILIES)

/** GET /api/produce (all, about 120) */
export const Produce = Type.Object({
  slug: Type.String(),
  nameZh: Type.String(),
  nameEn: Type.String(),
  category: Type.String(),
  family: Family,
  unitZh: Type.String(),
  netGTypical: nullable(Grams),
  harvestMonths: Type.String(),
})
export type Produce = Static<typeof Produce>

export const GRADES = ['special', 'first', 'second', 'ungraded'] as const
export type Grade = (typeof GRADES)[number]
const GradeSchema = oneOf(GRADES)

const lotFields = {
  produceSlug: Type.String({ minLength: 1, maxLength: 60 }),
  countyCode: DivisionCode,
  township: text(60),
  village: text(60),
  farm: text(60),
  harvestFrom: Day,
  harvestTo: Day,
  grade: GradeSchema,
  grams: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }),
}
/** POST /api/shops/{shopId}/lots, PUT /api/shops/{shopId}/lots/{lotId}; there, with a version, another one in between is refused. */
export const LotInput = exact({ ...lotFields, version: Type.Optional(Type.Integer({ minimum: 1 })) })
export type LotInput = Static<typeof LotInput>
/** GET /api/shops/{shopId}/lots (shop staff); soldG is paid and unrefunded. */
export const Lot = Type.Object({
  ...lotFields,
  id: Id,
  shopId: Id,
  version: Type.Integer(),
  allocatedG: Grams,
  soldG: Grams,
  county: Place,
  produce: Produce,
  createdAt: Instant,
})
export type Lot = Static<typeof Lot>

export const SKU_STATUSES = ['draft', 'on_sale', 'off'] as const
export type SkuStatus = (typeof SKU_STATUSES)[number]
const SkuStatusSchema = oneOf(SKU_STATUSES)
const priceFen = Type.Integer({ minimum: 1, maximum: 100_000_000 })
const netG = Type.Integer({ minimum: 1, maximum: 1_000_000 })
const buyerLimit = Type.Integer({ minimum: 1, maximum: 100_000 })
const skuTexts = {
  titleZh: text(60, 1),
  titleEn: text(120),
  packZh: text(30),
  packEn: text(60),
  storyZh: text(4000),
  storyEn: text(8000),
}
/** POST /api/shops/{shopId}/skus. stock is the number of packs put in at the start. */
export const SkuInput = exact({
  ...skuTexts,
  lotId: Id,
  netG,
  priceFen,
  buyerLimit,
  stock: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  pictureIds: Type.Array(Uuid, { maxItems: 9 }),
})
export type SkuInput = Static<typeof SkuInput>
/** PATCH /api/shops/{shopId}/skus/{skuId}. version is the one that was read; another in between is refused. */
export const SkuEdit = exact({
  version: Type.Integer({ minimum: 1 }),
  titleZh: Type.Optional(skuTexts.titleZh),
  titleEn: Type.Optional(skuTexts.titleEn),
  packZh: Type.Optional(skuTexts.packZh),
  packEn: Type.Optional(skuTexts.packEn),
  storyZh: Type.Optional(skuTexts.storyZh),
  storyEn: Type.Optional(skuTexts.storyEn),
  netG: Type.Optional(netG),
  priceFen: Type.Optional(priceFen),
  buyerLimit: Type.Optional(buyerLimit),
  pictureIds: Type.Optional(Type.Array(Uuid, { maxItems: 9 })),
  status: Type.Optional(Type.Union([Type.Literal('on_sale'), Type.Literal('off')])),
})
export type SkuEdit = Static<typeof SkuEdit>
/** POST /api/shops/{shopId}/skus/{skuId}/stock: packs added (or taken away when negative). */
export const StockChange = exact({ delta: Type.Integer({ minimum: -1_000_000_000, maximum: 1_000_000_000 }) })

/** That an inspector has seen the lot: when, and the certificate at /certificates/{number}. The grade is the inspector's. */
export const LotProof = Type.Object({ at: Instant, certificate: Type.String() })
export type LotProof = Static<typeof LotProof>

/** What a list or a shelf card needs of a SKU. perJinFen is the price of 500 g, perKgFen of 1 kg, both rounded half up. */
export const SkuCard = Type.Object({
  shopId: Id,
  skuId: Id,
  version: Type.Integer(),
  titleZh: Type.String(),
  titleEn: Type.String(),
  packZh: Type.String(),
  packEn: Type.String(),
  netG,
  priceFen,
  perJinFen: Fen,
  perKgFen: Fen,
  stock: Packs,
  buyerLimit,
  status: SkuStatusSchema,
  picture: nullable(Picture),
  family: Family,
  produceSlug: Type.String(),
  county: Place,
  shopNameZh: Type.String(),
  shopNameEn: Type.String(),
  soldPacks: Packs,
  /** Null where nobody has inspected the lot. */
  inspection: Type.Optional(nullable(LotProof)),
})
export type SkuCard = Static<typeof SkuCard>
/** GET /api/skus?sort=new|sold&county=&shop=&cursor= (on sale only, paged); GET /api/skus?ids=1,2,3 (up to 50, any status). */
/** GET /api/skus/{id}: the product page in one answer. */
export const SkuPage = Type.Intersect([
  SkuCard,
  Type.Object({
    storyZh: Type.String(),
    storyEn: Type.String(),
    pictures: Type.Array(Picture),
    lot: Type.Object({
      id: Id,
      produce: Produce,
      county: Place,
      township: Type.String(),
      village: Type.String(),
      farm: Type.String(),
      harvestFrom: Day,
      harvestTo: Day,
      grade: GradeSchema,
      grams: Grams,
    }),
    shop: Shop,
  }),
])
export type SkuPage = Static<typeof SkuPage>
/** GET /api/shops/{shopId}/skus (shop staff, all statuses) */
export const StudioSku = Type.Intersect([
  SkuCard,
  Type.Object({
    lotId: Id,
    storyZh: Type.String(),
    storyEn: Type.String(),
    pictures: Type.Array(Picture),
    putIn: Packs,
    heldPacks: Packs,
  }),
])
export type StudioSku = Static<typeof StudioSku>
