import { DivisionCode, Id, IdParams, PageQuery, page, Shop, ShopEdit, ShopInput } from '@chunbo/contract'
import { Type } from 'typebox'
import type { Identity } from '../identity/index.ts'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import type { Platform } from '../platform/slice.ts'
import { editShop, type OnClosing } from './edit-shop.ts'
import { openShop } from './open-shop.ts'
import { listAllShops, listOpenShops, listShopsById, readShop } from './queries.ts'

export interface ShopsContext {
  readonly platform: Platform
  readonly identity: Identity
  /** Set by the slice that sells a shop's goods. */
  onClosing?: OnClosing
}

/** Shops that an operator's own list shows, at most. */
const OPERATOR_SHOPS_MAX = 500

/** Opens the shop; a commissioner who does so works in it for as long as they are the county's commissioner. */
async function openAs(context: ShopsContext, userId: number, input: Parameters<typeof openShop>[1]): Promise<Shop> {
  const { platform, identity } = context
  const now = platform.clock.now()
  await identity.require(userId, { role: 'commissioner', countyCode: input.countyCode })
  const id = await openShop(platform.db, input, now)
  const office = (await identity.grantsOf(userId)).find(
    (grant) =>
      grant.role === 'commissioner' &&
      grant.countyCode === input.countyCode &&
      (grant.validUntil === null || grant.validUntil > now),
  )
  if (office) {
    const term = office.validUntil ? { validUntil: office.validUntil.toISOString() } : {}
    await identity.grant({ userId, role: 'shop', shopId: id, ...term })
  }
  return readShop(platform.db, id)
}

async function listMine(context: ShopsContext, userId: number): Promise<Shop[]> {
  const { db, clock } = context.platform
  if (await context.identity.may(userId)) return listAllShops(db, OPERATOR_SHOPS_MAX)
  const now = clock.now()
  const ids = (await context.identity.grantsOf(userId)).flatMap(({ role, shopId, validFrom, validUntil }) =>
    role === 'shop' && shopId !== null && validFrom <= now && (validUntil === null || now < validUntil) ? [shopId] : [],
  )
  return listShopsById(db, ids)
}

/** The slice's table. */
export function shopRoutes(context: ShopsContext): Route[] {
  const { who } = context.identity
  const { db, clock } = context.platform
  return [
    route({
      method: 'POST',
      url: '/api/shops',
      who: who.anyOf('commissioner'),
      summary: 'Open a shop in a county (operator, or commissioner of the county)',
      body: ShopInput,
      response: Shop,
      status: 201,
      limit: { max: 120, windowS: 3600, by: 'user' },
      handle: ({ body, request }) => openAs(context, actorOf(request).userId, body),
    }),
    route({
      method: 'GET',
      url: '/api/shops',
      who: who.anyone,
      summary: 'Open shops, of one county or of all',
      query: Type.Object({
        county: Type.Optional(DivisionCode),
        cursor: Type.Optional(Id),
        limit: PageQuery.properties.limit,
      }),
      response: page(Shop),
      handle: ({ query }) =>
        listOpenShops(db, { countyCode: query.county ?? null, afterId: query.cursor ?? 0, limit: query.limit ?? 50 }),
    }),
    route({
      method: 'GET',
      url: '/api/shops/:id',
      who: who.anyone,
      summary: 'A shop',
      params: IdParams,
      response: Shop,
      handle: ({ params }) => readShop(db, params.id),
    }),
    route({
      method: 'PATCH',
      url: '/api/shops/:id',
      who: who.shopStaff('id'),
      summary: 'Change a shop; closing it takes its goods off sale',
      params: IdParams,
      body: ShopEdit,
      response: Shop,
      handle: async ({ params, body }) => {
        await editShop(db, params.id, body, clock.now(), context.onClosing)
        return readShop(db, params.id)
      },
    }),
    route({
      method: 'GET',
      url: '/api/my/shops',
      who: who.signedIn,
      summary: 'Shops that the signed-in person works in',
      response: Type.Object({ items: Type.Array(Shop) }),
      handle: async ({ request }) => ({ items: await listMine(context, actorOf(request).userId) }),
    }),
  ]
}
