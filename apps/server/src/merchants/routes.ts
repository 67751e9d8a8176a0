import {
  exact,
  Id,
  IdParams,
  Merchant,
  MerchantEdit,
  MerchantInput,
  MerchantPrices,
  MerchantRow,
  MerchantStaff,
  PageQuery,
  PaperCheck,
  PaperInput,
  page,
  text,
} from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import { addPaper } from './add-paper.ts'
import { checkPaper } from './check-paper.ts'
import type { MerchantsContext } from './context.ts'
import { createMerchant } from './create-merchant.ts'
import { editMerchant } from './edit-merchant.ts'
import { merchantStaff } from './merchant-staff.ts'
import { listMerchants, listMyMerchants, readMerchant } from './queries.ts'
import { setPrices } from './set-prices.ts'
import { setStaff } from './set-staff.ts'

const EDIT_LIMIT = { max: 60, windowS: 60, by: 'user' } as const

function readingRoutes(context: MerchantsContext): Route[] {
  const { who } = context.identity
  return [
    route({
      method: 'GET',
      url: '/api/merchants',
      who: who.anyOf('relief_desk'),
      summary: 'All merchants, by a part of the name',
      query: Type.Object({ q: Type.Optional(text(60)), ...PageQuery.properties }),
      response: page(MerchantRow),
      handle: ({ query }) =>
        listMerchants(context, {
          q: query.q?.trim() || null,
          afterId: Number(query.cursor ?? 0) || 0,
          limit: query.limit ?? 50,
        }),
    }),
    route({
      method: 'GET',
      url: '/api/my/merchants',
      who: who.anyOf('merchant'),
      summary: 'The merchants that the reader acts for',
      response: page(MerchantRow),
      handle: ({ request }) => listMyMerchants(context, actorOf(request).userId),
    }),
    route({
      method: 'GET',
      url: '/api/merchants/:id',
      who: staffOf(context),
      summary: 'A merchant with papers, prices, staff and record',
      params: IdParams,
      response: Merchant,
      handle: ({ params }) => readMerchant(context, params.id),
    }),
  ]
}

const staffOf = (context: MerchantsContext) =>
  merchantStaff(context, 'staff of the merchant or relief desk', (id) => id)

function editingRoutes(context: MerchantsContext): Route[] {
  const { who } = context.identity
  return [
    route({
      method: 'POST',
      url: '/api/merchants',
      who: who.anyOf('merchant', 'relief_desk'),
      summary: 'Set up a merchant; who does so with the role merchant becomes its staff',
      body: MerchantInput,
      response: Merchant,
      status: 201,
      limit: EDIT_LIMIT,
      handle: async ({ body, request }) =>
        readMerchant(context, await createMerchant(context, body, actorOf(request).userId)),
    }),
    route({
      method: 'PUT',
      url: '/api/merchants/:id',
      who: staffOf(context),
      summary: 'Replace the profile of a merchant',
      params: IdParams,
      body: MerchantEdit,
      response: Merchant,
      limit: EDIT_LIMIT,
      handle: async ({ params, body, request }) => {
        await editMerchant(context, params.id, body, actorOf(request).userId)
        return readMerchant(context, params.id)
      },
    }),
    route({
      method: 'PUT',
      url: '/api/merchants/:id/prices',
      who: staffOf(context),
      summary: 'Replace all prices of a merchant',
      params: IdParams,
      body: MerchantPrices,
      response: Merchant,
      limit: EDIT_LIMIT,
      handle: async ({ params, body }) => {
        await setPrices(context, params.id, body.prices)
        return readMerchant(context, params.id)
      },
    }),
    route({
      method: 'PUT',
      url: '/api/merchants/:id/staff',
      who: who.anyOf('relief_desk'),
      summary: 'Say who may act for a merchant',
      params: IdParams,
      body: MerchantStaff,
      response: Merchant,
      limit: EDIT_LIMIT,
      handle: async ({ params, body }) => {
        await setStaff(context, params.id, body.userIds)
        return readMerchant(context, params.id)
      },
    }),
  ]
}

function paperRoutes(context: MerchantsContext): Route[] {
  return [
    route({
      method: 'POST',
      url: '/api/merchants/:id/papers',
      who: staffOf(context),
      summary: 'Add a paper; it counts once the desk has seen it',
      params: IdParams,
      body: PaperInput,
      response: Merchant,
      status: 201,
      limit: EDIT_LIMIT,
      handle: async ({ params, body, request }) => {
        await addPaper(context, params.id, body, actorOf(request).userId)
        return readMerchant(context, params.id)
      },
    }),
    route({
      method: 'POST',
      url: '/api/merchants/:id/papers/:paperId/check',
      who: context.identity.who.anyOf('relief_desk'),
      summary: 'Say whether a paper holds',
      params: exact({ id: Id, paperId: Id }),
      body: PaperCheck,
      response: Merchant,
      limit: EDIT_LIMIT,
      handle: async ({ params, body, request }) => {
        const paper = { merchantId: params.id, paperId: params.paperId }
        await checkPaper(context, paper, body, actorOf(request).userId)
        return readMerchant(context, params.id)
      },
    }),
  ]
}

/** The slice's table. */
export function merchantRoutes(context: MerchantsContext): Route[] {
  return [...readingRoutes(context), ...editingRoutes(context), ...paperRoutes(context)]
}
