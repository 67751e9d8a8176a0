import {
  CaseMatch,
  IdParams,
  MatchRun,
  Offer,
  OfferAccept,
  OfferReason,
  OverruleInput,
  PageQuery,
  page,
} from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import { acceptOffer } from './accept-offer.ts'
import type { OffersContext } from './context.ts'
import { declineOffer } from './decline-offer.ts'
import { overruleMatch } from './overrule-match.ts'
import {
  listOffersOfCase,
  listOffersOfMerchant,
  merchantOfOffer,
  readCaseMatch,
  readOffer,
  readRun,
} from './queries.ts'
import { takeBackOffer } from './take-back-offer.ts'

const ACT_LIMIT = { max: 60, windowS: 60, by: 'user' } as const
/** A run may compute for seconds. */
const RUN_LIMIT = { max: 10, windowS: 60, by: 'user' } as const
const Offers = Type.Object({ items: Type.Array(Offer) })

function deskRoutes(context: OffersContext, run: (cause: string, askedBy: number) => Promise<number>): Route[] {
  const desk = context.identity.who.anyOf('relief_desk')
  const { db } = context.platform
  return [
    route({
      method: 'POST',
      url: '/api/relief/match',
      who: desk,
      summary: 'Run the match now',
      response: MatchRun,
      limit: RUN_LIMIT,
      handle: async ({ request }) => readRun(db, await run('asked', actorOf(request).userId)),
    }),
    route({
      method: 'GET',
      url: '/api/relief/cases/:id/match',
      who: desk,
      summary: 'What the match said of a case: proposals, why, the next best, and what excluded the others',
      params: IdParams,
      response: CaseMatch,
      handle: ({ params }) => readCaseMatch(db, params.id),
    }),
    route({
      method: 'GET',
      url: '/api/relief/cases/:id/offers',
      who: desk,
      summary: 'Offers of a case, the newest first',
      params: IdParams,
      response: Offers,
      handle: async ({ params }) => ({ items: await listOffersOfCase(db, params.id) }),
    }),
    route({
      method: 'POST',
      url: '/api/relief/cases/:id/offers',
      who: desk,
      summary: 'Offer to a merchant of the desk’s choice, with a reason',
      params: IdParams,
      body: OverruleInput,
      response: Offer,
      status: 201,
      limit: ACT_LIMIT,
      handle: async ({ params, body, request }) =>
        readOffer(db, await overruleMatch(context, params.id, body, actorOf(request).userId)),
    }),
    route({
      method: 'POST',
      url: '/api/offers/:id/cancel',
      who: desk,
      summary: 'Take an offer back before the inspection',
      params: IdParams,
      body: OfferReason,
      response: Offer,
      limit: ACT_LIMIT,
      handle: async ({ params, body, request }) => {
        const actorId = actorOf(request).userId
        await takeBackOffer(context, { offerId: params.id, as: 'cancelled', reason: body.reason, actorId })
        return readOffer(db, params.id)
      },
    }),
  ]
}

function merchantRoutes(context: OffersContext): Route[] {
  const { db } = context.platform
  const ofMerchant = context.merchants.staffWho('staff of the merchant or relief desk', async (id) => id)
  const ofOffer = context.merchants.staffWho('staff of the offer’s merchant or relief desk', (id) =>
    merchantOfOffer(db, id),
  )
  const offerAct = { params: IdParams, who: ofOffer, response: Offer, limit: ACT_LIMIT, method: 'POST' } as const
  return [
    route({
      method: 'GET',
      url: '/api/merchants/:id/offers',
      who: ofMerchant,
      summary: 'Offers of a merchant, the newest first: open, under_way or all',
      params: IdParams,
      query: Type.Object({
        show: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('under_way'), Type.Literal('all')])),
        ...PageQuery.properties,
      }),
      response: page(Offer),
      handle: ({ params, query }) =>
        listOffersOfMerchant(db, {
          merchantId: params.id,
          show: query.show ?? 'all',
          beforeId: Number(query.cursor) || null,
          limit: query.limit ?? 50,
        }),
    }),
    route({
      ...offerAct,
      url: '/api/offers/:id/accept',
      summary: 'Accept an offer, whole or in part',
      body: OfferAccept,
      handle: async ({ params, body, request }) => {
        await acceptOffer(context, params.id, body.grams, actorOf(request).userId)
        return readOffer(db, params.id)
      },
    }),
    route({
      ...offerAct,
      url: '/api/offers/:id/decline',
      summary: 'Decline an offer with a reason',
      body: OfferReason,
      handle: async ({ params, body, request }) => {
        await declineOffer(context, params.id, body.reason, actorOf(request).userId)
        return readOffer(db, params.id)
      },
    }),
    route({
      ...offerAct,
      url: '/api/offers/:id/withdraw',
      summary: 'Take back an accepted offer before the inspection; a promise not kept',
      body: OfferReason,
      handle: async ({ params, body, request }) => {
        const actorId = actorOf(request).userId
        await takeBackOffer(context, { offerId: params.id, as: 'withdrawn', reason: body.reason, actorId })
        return readOffer(db, params.id)
      },
    }),
  ]
}

/** The slice's table. */
export function offerRoutes(context: OffersContext, run: (cause: string, askedBy: number) => Promise<number>): Route[] {
  return [...deskRoutes(context, run), ...merchantRoutes(context)]
}
