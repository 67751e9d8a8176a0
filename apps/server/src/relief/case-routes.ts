import {
  AssignInput,
  BulkInput,
  BulkResults,
  CaseEdit,
  CaseHead,
  IdParams,
  MoveInput,
  page,
  ReliefBoard,
  ReliefCase,
  ReliefCaseQuery,
  ReliefCaseRow,
  VerifyInput,
} from '@chunbo/contract'
import type { FastifyRequest } from 'fastify'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import { actOnCases } from './act-on-cases.ts'
import { assignCase } from './assign-case.ts'
import type { ReliefContext } from './context.ts'
import { readScope } from './desk-scope.ts'
import { editCase } from './edit-case.ts'
import { listCases } from './list-cases.ts'
import { moveByWord } from './move-by-word.ts'
import { readBoard } from './read-board.ts'
import { readCase } from './read-case.ts'
import { verifyCase } from './verify-case.ts'

/** What the desk looks at. Commissioners see the cases of their counties. */
function readingRoutes(context: ReliefContext): Route[] {
  const who = context.identity.who.anyOf('relief_desk', 'commissioner')
  const scopeOf = (request: FastifyRequest) => readScope(context, actorOf(request).userId)
  return [
    route({
      method: 'GET',
      url: '/api/relief/cases',
      who,
      summary: 'Cases that the filters let through',
      query: ReliefCaseQuery,
      response: page(ReliefCaseRow),
      handle: async ({ query, request }) => listCases(context, await scopeOf(request), query),
    }),
    route({
      method: 'GET',
      url: '/api/relief/board',
      who,
      summary: 'Counts and sums of cases by stage and by province',
      response: ReliefBoard,
      handle: async ({ request }) => readBoard(context, await scopeOf(request)),
    }),
    route({
      method: 'GET',
      url: '/api/relief/cases/:id',
      who,
      summary: 'Everything of a case: facts, reports, log, next steps',
      params: IdParams,
      response: ReliefCase,
      handle: async ({ params, request }) => readCase(context, await scopeOf(request), params.id),
    }),
  ]
}

/** What the desk does. The commands check whose county a case is of. */
function actingRoutes(context: ReliefContext): Route[] {
  const who = context.identity.who.anyOf('relief_desk', 'commissioner')
  const scopeOf = (request: FastifyRequest) => readScope(context, actorOf(request).userId)
  return [
    route({
      method: 'POST',
      url: '/api/relief/cases/:id/verify',
      who,
      summary: 'Vouch for a report, with evidence',
      params: IdParams,
      body: VerifyInput,
      response: CaseHead,
      handle: async ({ params, body, request }) => verifyCase(context, await scopeOf(request), params.id, body),
    }),
    route({
      method: 'POST',
      url: '/api/relief/cases/:id/move',
      who,
      summary: 'Reject, close, give up or reopen a case',
      params: IdParams,
      body: MoveInput,
      response: CaseHead,
      handle: async ({ params, body, request }) => moveByWord(context, await scopeOf(request), params.id, body),
    }),
    route({
      method: 'PATCH',
      url: '/api/relief/cases/:id',
      who,
      summary: 'Put facts of a case right',
      params: IdParams,
      body: CaseEdit,
      response: CaseHead,
      handle: async ({ params, body, request }) => editCase(context, await scopeOf(request), params.id, body),
    }),
    route({
      method: 'POST',
      url: '/api/relief/cases/:id/assign',
      who: context.identity.who.anyOf('relief_desk'),
      summary: 'Give a case to somebody, or back to everybody',
      params: IdParams,
      body: AssignInput,
      response: CaseHead,
      handle: async ({ params, body, request }) => assignCase(context, await scopeOf(request), params.id, body),
    }),
    route({
      method: 'POST',
      url: '/api/relief/cases/bulk',
      who,
      summary: 'One act on up to a hundred cases, each with its own result',
      body: BulkInput,
      response: BulkResults,
      handle: async ({ body, request }) => ({
        items: await actOnCases(context, await scopeOf(request), body, request.id),
      }),
    }),
  ]
}

export const caseRoutes = (context: ReliefContext): Route[] => [...readingRoutes(context), ...actingRoutes(context)]
