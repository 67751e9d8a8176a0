import { MeasuresQuery, ReliefMeasures } from '@chunbo/contract'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import type { ReliefContext } from './context.ts'
import { readScope } from './desk-scope.ts'
import { measuresCsv, readMeasures } from './read-measures.ts'

/** How long each step took and what became of the grams; a commissioner sees their counties. */
export function measuresRoutes(context: ReliefContext): Route[] {
  const { who } = context.identity
  const measure = async (userId: number, query: MeasuresQuery) =>
    readMeasures(context, await readScope(context, userId), query)
  return [
    route({
      method: 'GET',
      url: '/api/relief/measures',
      who: who.anyOf('relief_desk', 'commissioner'),
      summary: 'Minutes from the word to each step, and grams; by county, desk or month',
      query: MeasuresQuery,
      response: ReliefMeasures,
      handle: ({ query, request }) => measure(actorOf(request).userId, query),
    }),
    route({
      method: 'GET',
      url: '/api/relief/measures.csv',
      who: who.anyOf('relief_desk', 'commissioner'),
      summary: 'The same as a CSV file',
      query: MeasuresQuery,
      handle: async ({ query, request, reply }) => {
        const measures = await measure(actorOf(request).userId, query)
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="relief-${measures.by}.csv"`)
          .send(measuresCsv(measures))
      },
    }),
  ]
}
