import { DivisionCode, Id, IdParams, PageQuery, Produce, page, SkuCard, SkuPage } from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import type { CatalogueContext } from './context.ts'
import { listSkus } from './list-skus.ts'
import { listProduce } from './produce.ts'
import { readSkuPage } from './queries.ts'
import { findCards } from './sku-cards.ts'

const PAGE_ITEMS = 20

const SkusQuery = Type.Object({
  /** Up to 100 ids with commas between them; then nothing else counts and any state but a draft is shown. */
  ids: Type.Optional(Type.String({ pattern: '^\\d{1,15}(,\\d{1,15}){0,99}$' })),
  sort: Type.Optional(Type.Union([Type.Literal('new'), Type.Literal('sold')])),
  county: Type.Optional(DivisionCode),
  shop: Type.Optional(Id),
  cursor: PageQuery.properties.cursor,
  limit: PageQuery.properties.limit,
})

/** What everybody may see. */
export function publicRoutes({ platform: { db }, identity: { who } }: CatalogueContext): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/produce',
      who: who.anyone,
      summary: 'The kinds of produce',
      response: Type.Object({ items: Type.Array(Produce) }),
      handle: async () => ({ items: await listProduce(db) }),
    }),
    route({
      method: 'GET',
      url: '/api/skus',
      who: who.anyone,
      summary: 'Products on sale, newest or most sold first; or those of a list of ids',
      query: SkusQuery,
      response: page(SkuCard),
      handle: async ({ query }) => {
        if (query.ids) return { items: await findCards(db, query.ids.split(',').map(Number)), next: null }
        return listSkus(db, {
          sort: query.sort ?? 'new',
          countyCode: query.county ?? null,
          shopId: query.shop ?? null,
          cursor: query.cursor ?? null,
          limit: query.limit ?? PAGE_ITEMS,
        })
      },
    }),
    route({
      method: 'GET',
      url: '/api/skus/:id',
      who: who.anyone,
      summary: 'A product with its lot, shop and pictures',
      params: IdParams,
      response: SkuPage,
      handle: ({ params }) => readSkuPage(db, params.id),
    }),
  ]
}
