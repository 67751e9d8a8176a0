import { type Static, Type } from 'typebox'
import { exact, Fen, Grams, Id, Instant, nullable, oneOf, Picture, Uuid } from './basics.ts'

export const ORDER_STATUSES = ['held', 'paid', 'shipped', 'received', 'cancelled', 'expired'] as const
/** held: stock is kept and payment awaited; it ends by itself at expiresAt. */
export type OrderStatus = (typeof ORDER_STATUSES)[number]
export const OrderStatus = oneOf(ORDER_STATUSES)

/** POST /api/checkouts with header Idempotency-Key (a UUID made by the client for this one tap). */
export const CheckoutInput = exact({
  lines: Type.Array(
    exact({
      shopId: Id,
      skuId: Id,
      qty: Type.Integer({ minimum: 1, maximum: 100_000 }),
      /** The price the buyer saw, in fen; another price now is refused with orders.price_changed. */
      expectedPriceFen: Type.Integer({ minimum: 1, maximum: 100_000_000 }),
    }),
    { minItems: 1, maxItems: 50 },
  ),
  /** One of the buyer's addresses. */
  addressId: Id,
  /** The room in which it is bought, if any: the hold is then 5 minutes, else 15. */
  roomId: Type.Optional(Id),
  /** Coupons of the buyer, at most one a shop. Each takes its sum off the order of its shop, or the whole checkout is refused. */
  couponIds: Type.Optional(Type.Array(Id, { maxItems: 50 })),
})
export type CheckoutInput = Static<typeof CheckoutInput>

/**
 * Answer 201 (200 when the key was used before for the same goods and coupons, replayed true): one order a shop. `totalFen` is to be paid;
 * `discountFen` has been taken off it.
 */
export const CheckoutResult = Type.Object({
  checkoutId: Uuid,
  replayed: Type.Boolean(),
  totalFen: Fen,
  expiresAt: Instant,
  orders: Type.Array(Type.Object({ orderId: Id, shopId: Id, totalFen: Fen, discountFen: Fen })),
})
export type CheckoutResult = Static<typeof CheckoutResult>

/** A line as it was when it was ordered: texts and picture come from the SKU's version of that moment. */
export const OrderLine = Type.Object({
  lineNo: Type.Integer(),
  skuId: Id,
  skuVersion: Type.Integer(),
  qty: Type.Integer(),
  priceFen: Fen,
  netG: Grams,
  titleZh: Type.String(),
  titleEn: Type.String(),
  packZh: Type.String(),
  packEn: Type.String(),
  family: Type.String(),
  picture: nullable(Picture),
})
export type OrderLine = Static<typeof OrderLine>

export const Parcel = Type.Object({ carrier: Type.String(), trackingNumber: Type.String(), shippedAt: Instant })
export type Parcel = Static<typeof Parcel>

/** GET /api/orders?status=&cursor= (own, newest first, paged), GET /api/orders/{shopId}/{orderId} */
export const Order = Type.Object({
  orderId: Id,
  shopId: Id,
  shopNameZh: Type.String(),
  shopNameEn: Type.String(),
  checkoutId: Uuid,
  roomId: nullable(Id),
  status: OrderStatus,
  /** To be paid: the goods less `discountFen`, which a coupon has taken off. */
  totalFen: Fen,
  discountFen: Fen,
  netG: Grams,
  createdAt: Instant,
  expiresAt: nullable(Instant),
  paidAt: nullable(Instant),
  address: Type.Object({ name: Type.String(), phone: Type.String(), regionName: Type.String(), detail: Type.String() }),
  lines: Type.Array(OrderLine),
  parcel: nullable(Parcel),
})
export type Order = Static<typeof Order>
/** GET /api/shops/{shopId}/orders?status=paid&cursor= (shop staff; phone and detail whole only while to be shipped) */
/** POST /api/checkouts/{checkoutId}/cancel: held orders of the checkout; POST /api/checkouts/{checkoutId}/pay {method:'sandbox'} */
export const PayInput = exact({ method: Type.Union([Type.Literal('sandbox')]) })
export const PayResult = Type.Object({ checkoutId: Uuid, paidFen: Fen, paidAt: Instant })
/** GET /api/payment-methods */
export const PaymentMethods = Type.Object({
  methods: Type.Array(
    Type.Object({ id: Type.String(), nameZh: Type.String(), nameEn: Type.String(), sandbox: Type.Boolean() }),
  ),
})
/** POST /api/shops/{shopId}/orders/{orderId}/ship (shop staff) */
export const ShipInput = exact({
  carrier: Type.String({ minLength: 1, maxLength: 40 }),
  trackingNumber: Type.String({ pattern: '^[A-Za-z0-9-]{6,40}$' }),
})
/** POST /api/orders/{shopId}/{orderId}/receive (the buyer) answers Order. */
