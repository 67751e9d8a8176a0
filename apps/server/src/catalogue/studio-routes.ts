import { Id, Lot, LotInput, SkuEdit, SkuInput, StockChange, StudioSku } from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import { changeStock } from './change-stock.ts'
import type { CatalogueContext } from './context.ts'
import { createLot } from './create-lot.ts'
import { createSku } from './create-sku.ts'
import { editLot } from './edit-lot.ts'
import { editSku } from './edit-sku.ts'
import { listLots, listShopSkus, readLot, readShopSku } from './queries.ts'

const ShopParams = Type.Object({ shopId: Id })
const LotParams = Type.Object({ shopId: Id, lotId: Id })
const SkuParams = Type.Object({ shopId: Id, skuId: Id })

function lotRoutes({ platform: { db, clock }, identity: { who }, tell }: CatalogueContext): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/shops/:shopId/lots',
      who: who.shopStaff(),
      summary: 'Lots of a shop, the newest first',
      params: ShopParams,
      response: Type.Object({ items: Type.Array(Lot) }),
      handle: async ({ params }) => ({ items: await listLots(db, params.shopId) }),
    }),
    route({
      method: 'POST',
      url: '/api/shops/:shopId/lots',
      who: who.shopStaff(),
      summary: 'Add a lot',
      params: ShopParams,
      body: LotInput,
      response: Lot,
      status: 201,
      handle: async ({ params, body }) =>
        readLot(db, params.shopId, await createLot(db, params.shopId, body, clock.now())),
    }),
    route({
      method: 'PUT',
      url: '/api/shops/:shopId/lots/:lotId',
      who: who.shopStaff(),
      summary: 'Change a lot; its products show the change at once',
      params: LotParams,
      body: LotInput,
      response: Lot,
      handle: async ({ params, body }) => {
        const skuIds = await editLot(db, params, body, clock.now())
        tell({ shopId: params.shopId, skuIds })
        return readLot(db, params.shopId, params.lotId)
      },
    }),
  ]
}

function skuRoutes({ platform: { db, clock }, identity: { who }, tell }: CatalogueContext): Route[] {
  const tellOf = ({ shopId, skuId }: { shopId: number; skuId: number }) => {
    tell({ shopId, skuIds: [skuId] })
    return readShopSku(db, shopId, skuId)
  }
  return [
    route({
      method: 'GET',
      url: '/api/shops/:shopId/skus',
      who: who.shopStaff(),
      summary: 'Products of a shop in every state, the newest first',
      params: ShopParams,
      response: Type.Object({ items: Type.Array(StudioSku) }),
      handle: async ({ params }) => ({ items: await listShopSkus(db, params.shopId) }),
    }),
    route({
      method: 'POST',
      url: '/api/shops/:shopId/skus',
      who: who.shopStaff(),
      summary: 'Begin a product as a draft',
      params: ShopParams,
      body: SkuInput,
      response: StudioSku,
      status: 201,
      handle: async ({ params, body, request }) => {
        const skuId = await createSku(db, params.shopId, body, actorOf(request).userId, clock.now())
        return readShopSku(db, params.shopId, skuId)
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/shops/:shopId/skus/:skuId',
      who: who.shopStaff(),
      summary: 'Change a product, put it on sale or take it off; every change makes a new version',
      params: SkuParams,
      body: SkuEdit,
      response: StudioSku,
      handle: async ({ params, body, request }) => {
        await editSku(db, params, body, actorOf(request).userId, clock.now())
        return tellOf(params)
      },
    }),
    route({
      method: 'POST',
      url: '/api/shops/:shopId/skus/:skuId/stock',
      who: who.shopStaff(),
      summary: 'Put packs in, or take them away with a negative number',
      params: SkuParams,
      body: StockChange,
      response: StudioSku,
      handle: async ({ params, body }) => {
        await changeStock(db, params.shopId, params.skuId, body.delta)
        return tellOf(params)
      },
    }),
  ]
}

/** What the staff of a shop does with its goods. */
export function studioRoutes(context: CatalogueContext): Route[] {
  return [...lotRoutes(context), ...skuRoutes(context)]
}
