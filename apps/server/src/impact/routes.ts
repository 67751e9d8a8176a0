import { CountyImpact, CountyImpactList, DivisionCode, IdParams, RoomImpact } from '@chunbo/contract'
import { Type } from 'typebox'
import type { Database } from '../platform/database.ts'
import { type Route, route } from '../platform/routes.ts'
import type { Who } from '../platform/session.ts'
import { readCountyImpact, readSold, readTopCounties } from './queries.ts'

/** The public account of what was sold. */
export function impactRoutes(db: Database, anyone: Who): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/impact/counties',
      who: anyone,
      summary: 'Counties by grams sold, and the total',
      query: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) }),
      response: CountyImpactList,
      handle: ({ query }) => readTopCounties(db, query.limit ?? 50),
    }),
    route({
      method: 'GET',
      url: '/api/impact/counties/:code',
      who: anyone,
      summary: 'What a county sold: in all, by produce, by day',
      params: Type.Object({ code: DivisionCode }),
      response: CountyImpact,
      handle: ({ params }) => readCountyImpact(db, params.code),
    }),
    route({
      method: 'GET',
      url: '/api/impact/rooms/:id',
      who: anyone,
      summary: 'What was sold in a room',
      params: IdParams,
      response: RoomImpact,
      handle: async ({ params }) => ({ roomId: params.id, ...(await readSold(db, 'room', params.id)) }),
    }),
  ]
}
