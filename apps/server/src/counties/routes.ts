import { County, Day, Division, DivisionCode, PageQuery, page, text } from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import type { Who } from '../platform/session.ts'
import type { Platform } from '../platform/slice.ts'
import type { LiftWindows } from './county-status.ts'
import { listCounties, listDivisions, readCounty } from './queries.ts'

/** Today in China, where a county's status is decided. */
function today(now: Date): string {
  return new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
}

/** What this slice answers; all of it is public. */
export function countyRoutes({ db, clock }: Platform, anyone: Who, windows: LiftWindows): readonly Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/divisions',
      who: anyone,
      summary: 'Provinces, or what lies right below a division',
      query: Type.Object({ parent: Type.Optional(DivisionCode) }),
      response: Type.Array(Division),
      handle: ({ query }) => listDivisions(db, query.parent ?? null),
    }),
    route({
      method: 'GET',
      url: '/api/counties',
      who: anyone,
      summary: 'Counties by code, with their status on a day',
      query: Type.Object({
        ...PageQuery.properties,
        listed: Type.Optional(Type.Union([Type.Literal('1'), Type.Literal('0')])),
        q: Type.Optional(text(40)),
        province: Type.Optional(DivisionCode),
        on: Type.Optional(Day),
      }),
      response: page(County),
      handle: ({ query }) => {
        const filter = {
          listed: query.listed === undefined ? null : query.listed === '1',
          text: query.q?.trim() || null,
          provinceCode: query.province ?? null,
          afterKey: query.cursor ?? null,
          limit: query.limit ?? 50,
        }
        return listCounties(db, windows, filter, query.on ?? today(clock.now()))
      },
    }),
    route({
      method: 'GET',
      url: '/api/counties/:code',
      who: anyone,
      summary: 'A county and its status on a day',
      params: Type.Object({ code: DivisionCode }),
      query: Type.Object({ on: Type.Optional(Day) }),
      response: County,
      handle: ({ params, query }) => readCounty(db, windows, params.code, query.on ?? today(clock.now())),
    }),
  ]
}
