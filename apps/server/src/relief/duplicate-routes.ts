import { DuplicateProposals, Id, IdParams, MergeInput, SplitInput } from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import type { ReliefContext } from './context.ts'
import { dismissDuplicate } from './dismiss-duplicate.ts'
import { listDuplicates, readCountyOfCase } from './intake-queries.ts'
import { mergeCases } from './merge-cases.ts'
import { splitAlert } from './split-alert.ts'

/** Cases that may be one harvest: what is proposed, merged, split again and dismissed. */
export function duplicateRoutes(context: ReliefContext): Route[] {
  const { identity, platform } = context
  const { who } = identity
  return [
    route({
      method: 'GET',
      url: '/api/relief/cases/:id/duplicates',
      who: who.anyOf('relief_desk', 'commissioner'),
      summary: 'Open cases that may be the same harvest, with the reasons',
      params: IdParams,
      response: DuplicateProposals,
      handle: async ({ params, request }) => {
        const countyCode = await readCountyOfCase(platform.db, params.id)
        await identity.require(actorOf(request).userId, { role: 'relief_desk' }, { role: 'commissioner', countyCode })
        return listDuplicates(platform.db, params.id)
      },
    }),
    route({
      method: 'POST',
      url: '/api/relief/cases/:id/merge',
      who: who.anyOf('relief_desk'),
      summary: 'Let a case join another one',
      params: IdParams,
      body: MergeInput,
      status: 204,
      handle: async ({ params, body, request, reply }) => {
        await mergeCases(context, actorOf(request).userId, params.id, body)
        return reply.send()
      },
    }),
    route({
      method: 'POST',
      url: '/api/relief/cases/:id/split',
      who: who.anyOf('relief_desk'),
      summary: 'Take an alert out of a case that its own had joined; answers the case it is in again',
      params: IdParams,
      body: SplitInput,
      response: Type.Object({ caseId: Id }),
      handle: ({ params, body, request }) => splitAlert(context, actorOf(request).userId, params.id, body),
    }),
    route({
      method: 'POST',
      url: '/api/relief/duplicates/:a/:b/dismiss',
      who: who.anyOf('relief_desk'),
      summary: 'Say that two cases are two',
      params: Type.Object({ a: Id, b: Id }),
      status: 204,
      handle: async ({ params, request, reply }) => {
        await dismissDuplicate(context, actorOf(request).userId, params.a, params.b)
        return reply.send()
      },
    }),
  ]
}
