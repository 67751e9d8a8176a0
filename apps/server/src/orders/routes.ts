import {
  CheckoutInput,
  CheckoutResult,
  Coupon,
  CouponQuery,
  Id,
  Order,
  OrderStatus,
  PageQuery,
  page,
  Uuid,
} from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import { cancelCheckout } from './close-orders.ts'
import type { OrdersContext } from './context.ts'
import { listCoupons } from './list-coupons.ts'
import { placeCheckout } from './place-checkout.ts'
import { listBuyerOrders, listShopOrders, readOrder } from './queries.ts'

const ListQuery = Type.Object({ ...PageQuery.properties, status: Type.Optional(OrderStatus) })
const OrderParams = Type.Object({ shopId: Id, orderId: Id })

/** The slice's table. */
export function orderRoutes(context: OrdersContext): Route[] {
  const { who } = context.identity
  const { db, clock } = context.platform
  return [
    route({
      method: 'POST',
      url: '/api/checkouts',
      who: who.signedIn,
      summary: 'Order goods of one or several shops at once; 200 instead of 201 when the key has ordered them before',
      headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ maxLength: 100 })) }),
      body: CheckoutInput,
      response: CheckoutResult,
      status: 201,
      limit: { max: 120, windowS: 60, by: 'user' },
      bodyLimitBytes: 16_384,
      quiet: true,
      async handle({ body, request, reply }) {
        const key = request.headers['idempotency-key']
        const result = await placeCheckout(context, actorOf(request).userId, key, body)
        if (result.replayed) reply.code(200).serializer(JSON.stringify)
        return result
      },
    }),
    route({
      method: 'POST',
      url: '/api/checkouts/:checkoutId/cancel',
      who: who.signedIn,
      summary: 'Cancel the unpaid orders of a checkout of yours; their packs return at once',
      params: Type.Object({ checkoutId: Uuid }),
      response: Type.Object({ cancelled: Type.Integer() }),
      limit: { max: 60, windowS: 60, by: 'user' },
      handle: async ({ params, request }) => ({
        cancelled: await cancelCheckout(context, actorOf(request).userId, params.checkoutId),
      }),
    }),
    route({
      method: 'GET',
      url: '/api/orders',
      who: who.signedIn,
      summary: 'Your orders, newest first',
      query: ListQuery,
      response: page(Order),
      handle: ({ query, request }) =>
        listBuyerOrders(db, actorOf(request).userId, {
          status: query.status ?? null,
          cursor: query.cursor ?? null,
          limit: query.limit ?? 20,
          now: clock.now(),
        }),
    }),
    route({
      method: 'GET',
      url: '/api/orders/:shopId/:orderId',
      who: who.signedIn,
      summary: 'One of your orders',
      params: OrderParams,
      response: Order,
      handle: ({ params, request }) => readOrder(db, params.shopId, params.orderId, actorOf(request).userId),
    }),
    route({
      method: 'GET',
      url: '/api/my/coupons',
      who: who.signedIn,
      summary: 'Your coupons: usable ones, used ones or those whose time is over',
      query: CouponQuery,
      response: page(Coupon),
      handle: ({ query, request }) =>
        listCoupons(db, actorOf(request).userId, {
          state: query.state ?? 'usable',
          cursor: query.cursor ?? null,
          limit: query.limit ?? 50,
          now: clock.now(),
        }),
    }),
    route({
      method: 'GET',
      url: '/api/shops/:shopId/orders',
      who: who.shopStaff(),
      summary: 'Orders of a shop, newest first; where they go is shown whole only while they are to be shipped',
      params: Type.Object({ shopId: Id }),
      query: ListQuery,
      response: page(Order),
      handle: ({ params, query }) =>
        listShopOrders(db, params.shopId, {
          status: query.status ?? null,
          cursor: query.cursor ?? null,
          limit: query.limit ?? 20,
        }),
    }),
  ]
}
