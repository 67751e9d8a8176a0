import {
  AID_TASKS,
  AidDocumentInput,
  AidList,
  AidPage,
  AidTaskEdit,
  type AidTaskKind,
  CaseTasks,
  FastTrack,
  FastTrackPublish,
  FastTrackSave,
  FreightInput,
  Id,
  IdParams,
} from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import { addDocument } from './add-document.ts'
import type { AidContext } from './context.ts'
import { editTask } from './edit-task.ts'
import { makeChecklist } from './make-checklist.ts'
import { publishCase } from './publish-case.ts'
import { type AidListRead, readAidPage } from './read-aid.ts'
import { readFastTrack } from './read-fast-track.ts'
import { readTasks } from './read-tasks.ts'
import { removeDocument } from './remove-document.ts'
import { requireHand } from './require-hand.ts'
import { saveFastTrack } from './save-fast-track.ts'
import { setFreight } from './set-freight.ts'

const TaskParams = Type.Object({
  id: Id,
  kind: Type.Unsafe<AidTaskKind>(Type.Union(AID_TASKS.map((kind) => Type.Literal(kind)))),
})

function taskRoutes(context: AidContext): Route[] {
  const { db } = context.platform
  const shared = { who: context.identity.who.anyOf('relief_desk', 'commissioner'), response: CaseTasks }
  return [
    route({
      ...shared,
      method: 'GET',
      url: '/api/relief/cases/:id/tasks',
      summary: 'What has to be ready before the goods of a case go on sale, with documents and freight',
      params: IdParams,
      handle: async ({ params, request }) => {
        await requireHand(context, params.id, actorOf(request).userId)
        await makeChecklist(context, params.id)
        return readTasks(db, params.id)
      },
    }),
    route({
      ...shared,
      method: 'PUT',
      url: '/api/relief/cases/:id/tasks/:kind',
      summary: 'Change a task: state, owner, due time, a word',
      params: TaskParams,
      body: AidTaskEdit,
      handle: async ({ params, body, request }) => {
        const { userId } = actorOf(request)
        await requireHand(context, params.id, userId)
        await editTask(context, { caseId: params.id, kind: params.kind }, body, userId)
        return readTasks(db, params.id)
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/relief/cases/:id/tasks/:kind/documents',
      summary: 'Put a picture or an https address to a task',
      params: TaskParams,
      body: AidDocumentInput,
      status: 201,
      handle: async ({ params, body, request }) => {
        const { userId } = actorOf(request)
        await requireHand(context, params.id, userId)
        await addDocument(context, { caseId: params.id, kind: params.kind }, body, userId)
        return readTasks(db, params.id)
      },
    }),
    route({
      ...shared,
      method: 'DELETE',
      url: '/api/relief/cases/:id/documents/:documentId',
      summary: 'Take a document away; the log keeps that there was one',
      params: Type.Object({ id: Id, documentId: Id }),
      handle: async ({ params, request }) => {
        const { userId } = actorOf(request)
        await requireHand(context, params.id, userId)
        await removeDocument(context, params.id, params.documentId, userId)
        return readTasks(db, params.id)
      },
    }),
    route({
      ...shared,
      method: 'PUT',
      url: '/api/relief/cases/:id/freight',
      summary: 'How the goods reach buyers and who pays for it',
      params: IdParams,
      body: FreightInput,
      handle: async ({ params, body, request }) => {
        const { userId } = actorOf(request)
        await requireHand(context, params.id, userId)
        await setFreight(context, params.id, body, userId)
        return readTasks(db, params.id)
      },
    }),
  ]
}

function fastTrackRoutes(context: AidContext): Route[] {
  const shared = { who: context.identity.who.anyOf('relief_desk'), params: IdParams, response: FastTrack }
  return [
    route({
      ...shared,
      method: 'GET',
      url: '/api/relief/cases/:id/fast-track',
      summary: 'How a case goes on sale: everything filled in that is known, and what is still missing',
      handle: ({ params }) => readFastTrack(context, params.id),
    }),
    route({
      ...shared,
      method: 'PUT',
      url: '/api/relief/cases/:id/fast-track',
      summary: 'Keep what is decided so far',
      body: FastTrackSave,
      handle: async ({ params, body, request }) => {
        await saveFastTrack(context, params.id, body, actorOf(request).userId)
        return readFastTrack(context, params.id)
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/relief/cases/:id/fast-track/publish',
      summary: 'Put it on sale: lots, products, shelf of the next room and the aid page, all or nothing, once',
      body: FastTrackPublish,
      handle: async ({ params, body, request }) => {
        await publishCase(context, params.id, body.version, actorOf(request).userId)
        return readFastTrack(context, params.id)
      },
    }),
  ]
}

/** The slice's table; `list` gives the aid page's list as it was at most two seconds ago. */
export function aidRoutes(context: AidContext, list: () => Promise<AidListRead>): Route[] {
  const { anyone } = context.identity.who
  return [
    route({
      method: 'GET',
      url: '/api/aid',
      who: anyone,
      summary: 'The aid page: what is at risk today, the most urgent first',
      query: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }),
      response: AidList,
      quiet: true,
      handle: async ({ query }) => {
        const answer = await list()
        return query.limit === undefined ? answer : { ...answer, items: answer.items.slice(0, query.limit) }
      },
    }),
    route({
      method: 'GET',
      url: '/api/aid/:id',
      who: anyone,
      summary: 'A case on the aid page: story, proof, timeline, goods',
      params: IdParams,
      response: AidPage,
      quiet: true,
      handle: ({ params }) => readAidPage(context, params.id),
    }),
    ...taskRoutes(context),
    ...fastTrackRoutes(context),
  ]
}
