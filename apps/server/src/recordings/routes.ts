import {
  HoldReason,
  Id,
  IdParams,
  oneOf,
  RECORDING_KINDS,
  RecordingLogPage,
  RecordingLogQuery,
  RecordingPage,
  RecordingRuleInput,
  RecordingRules,
  RecordingStore,
  RecordingsQuery,
} from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import type { RecordingsContext } from './context.ts'
import { liftHold } from './lift-hold.ts'
import { placeHold } from './place-hold.ts'
import { readLog, readRecordings, readRules } from './queries.ts'
import { setRule } from './set-rule.ts'
import { readStore } from './store-room.ts'

/** The slice's table. */
export function recordingRoutes(context: RecordingsContext): Route[] {
  const { operatorOnly } = context.identity.who
  return [
    route({
      method: 'GET',
      url: '/api/recordings',
      who: operatorOnly,
      summary: 'Recordings of shows that are over: until when they stay and what holds them',
      query: RecordingsQuery,
      response: RecordingPage,
      handle: ({ query }) => readRecordings(context, { held: query.held ?? false, cursor: query.cursor ?? null }),
    }),
    route({
      method: 'GET',
      url: '/api/recordings/rules',
      who: operatorOnly,
      summary: 'How long recordings stay',
      response: RecordingRules,
      handle: () => readRules(context),
    }),
    route({
      method: 'PUT',
      url: '/api/recordings/rules/:kind',
      who: operatorOnly,
      summary: 'Say how long recordings stay; never shorter than the law asks',
      params: Type.Object({ kind: oneOf(RECORDING_KINDS) }),
      body: RecordingRuleInput,
      response: RecordingRules,
      async handle({ params, body, request }) {
        await setRule(context, params.kind, body.keepDays, actorOf(request).userId)
        return readRules(context)
      },
    }),
    route({
      method: 'POST',
      url: '/api/recordings/:roomId/holds',
      who: operatorOnly,
      summary: 'Hold a recording back from removal, with the reason',
      params: Type.Object({ roomId: Id }),
      body: HoldReason,
      status: 201,
      response: Type.Object({ id: Id }),
      handle: ({ params, body, request }) => placeHold(context, params.roomId, body.reason, actorOf(request).userId),
    }),
    route({
      method: 'POST',
      url: '/api/recordings/holds/:id/lift',
      who: operatorOnly,
      summary: 'Lift a hold, with the reason',
      params: IdParams,
      body: HoldReason,
      status: 204,
      async handle({ params, body, request, reply }) {
        await liftHold(context, params.id, body.reason, actorOf(request).userId)
        return reply.send()
      },
    }),
    route({
      method: 'GET',
      url: '/api/recordings/log',
      who: operatorOnly,
      summary: 'What was done about recordings, and by whom',
      query: RecordingLogQuery,
      response: RecordingLogPage,
      handle: ({ query }) => readLog(context, query.cursor ?? null),
    }),
    route({
      method: 'GET',
      url: '/api/recordings/store',
      who: operatorOnly,
      summary: 'Where recordings lie and whether there is room',
      response: RecordingStore,
      handle: () => readStore(context.platform),
    }),
  ]
}
