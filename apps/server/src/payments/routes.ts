import { PayInput, PaymentMethods, PayResult, Uuid } from '@chunbo/contract'
import { Type } from 'typebox'
import type { Identity } from '../identity/index.ts'
import { Refusal } from '../platform/problem.ts'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import type { Platform } from '../platform/slice.ts'
import { payCheckout } from './pay-checkout.ts'
import { paymentMethods } from './payment-method.ts'

/** The slice's table. */
export function paymentRoutes(platform: Platform, { who }: Identity): Route[] {
  const { db, clock, config } = platform
  const methods = paymentMethods(config)
  return [
    route({
      method: 'GET',
      url: '/api/payment-methods',
      who: who.anyone,
      summary: 'Ways to pay',
      response: PaymentMethods,
      handle: () => ({ methods }),
    }),
    route({
      method: 'POST',
      url: '/api/checkouts/:checkoutId/pay',
      who: who.signedIn,
      summary: 'Pay a checkout of yours; paying it again answers the first payment',
      params: Type.Object({ checkoutId: Uuid }),
      body: PayInput,
      response: PayResult,
      limit: { max: 60, windowS: 60, by: 'user' },
      handle({ params, body, request }) {
        const method = methods.find(({ id }) => id === body.method)
        if (!method) throw new Refusal('payments.method_off')
        const { userId } = actorOf(request)
        return payCheckout(db, { buyerId: userId, checkoutId: params.checkoutId, method, now: clock.now() })
      },
    }),
  ]
}
