import { Id, Order, ShipInput } from '@chunbo/contract'
import { Type } from 'typebox'
import type { Identity } from '../identity/index.ts'
import { readShopOrder } from '../orders/index.ts'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import type { Platform } from '../platform/slice.ts'
import { receiveOrder } from './receive-order.ts'
import { shipOrder } from './ship-order.ts'

const OrderParams = Type.Object({ shopId: Id, orderId: Id })

/** The slice's table. */
export function parcelRoutes({ db, clock }: Platform, { who }: Identity): Route[] {
  return [
    route({
      method: 'POST',
      url: '/api/shops/:shopId/orders/:orderId/ship',
      who: who.shopStaff(),
      summary: 'Mark a paid order as shipped, with carrier and tracking number',
      params: OrderParams,
      body: ShipInput,
      response: Order,
      async handle({ params, body, request }) {
        await shipOrder(db, params, body, actorOf(request).userId, clock.now())
        return readShopOrder(db, params.shopId, params.orderId)
      },
    }),
    route({
      method: 'POST',
      url: '/api/orders/:shopId/:orderId/receive',
      who: who.signedIn,
      summary: 'Confirm that an order of yours has come',
      params: OrderParams,
      response: Order,
      handle: ({ params, request }) => receiveOrder(db, params, actorOf(request).userId, clock.now()),
    }),
  ]
}
