import { ClaimedCoupon, CouponInput, FlashInput, IdParams, RoomDrop } from '@chunbo/contract'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import { createClaimCoupon } from './claim-coupon.ts'
import type { ShowContext } from './context.ts'
import './coupon-errors.ts'
import { openCoupons } from './open-coupons.ts'
import { openFlash } from './open-flash.ts'
import { readDrop } from './tell-drop.ts'

const PRICE_LIMIT = { max: 30, windowS: 60, by: 'user' } as const

/** Drops that are about money. */
export function couponRoutes(context: ShowContext): Route[] {
  const { db } = context.platform
  const claimCoupon = createClaimCoupon(context)
  const opening = {
    who: context.live.team,
    params: IdParams,
    response: RoomDrop,
    status: 201,
    limit: PRICE_LIMIT,
  } as const
  return [
    route({
      ...opening,
      method: 'POST',
      url: '/api/rooms/:id/coupons',
      summary: 'Drop coupons of a shop whose goods are on the shelf; the shop bears them',
      body: CouponInput,
      handle: async ({ request, params, body }) => {
        const dropId = await openCoupons(context, params.id, body, actorOf(request).userId)
        return (await readDrop(db, dropId)).drop
      },
    }),
    route({
      ...opening,
      method: 'POST',
      url: '/api/rooms/:id/flash',
      summary: 'Give a SKU of the shelf another price for some minutes',
      body: FlashInput,
      handle: async ({ request, params, body }) => {
        const dropId = await openFlash(context, params.id, body, actorOf(request).userId)
        return (await readDrop(db, dropId)).drop
      },
    }),
    route({
      method: 'POST',
      url: '/api/drops/:id/claim',
      who: context.identity.who.signedIn,
      summary: 'Take a coupon of a drop; again answers the same coupon',
      params: IdParams,
      response: ClaimedCoupon,
      limit: { max: 60, windowS: 60, by: 'user' },
      quiet: true,
      handle: ({ request, params }) => claimCoupon(params.id, actorOf(request).userId),
    }),
  ]
}
