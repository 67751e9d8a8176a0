import {
  DeskActions,
  DeskDrops,
  DeskFigures,
  DeskPeople,
  DeskWarnings,
  HiddenInput,
  Id,
  IdParams,
  MorePacksInput,
  NoticeInput,
  PacksInStock,
  RunCurrentInput,
  RunInput,
  RunOfShow,
  SeatInput,
} from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import type { ShowContext } from './context.ts'
import { undoAction } from './desk-actions.ts'
import type { ShowSection } from './desk-sections.ts'
import { DESK_LIMIT } from './drop-routes.ts'
import { editRun } from './edit-run.ts'
import { addPacks } from './more-packs.ts'
import { postNotice } from './post-notice.ts'
import { setCurrentItem } from './set-current-item.ts'
import { takeSeat } from './take-seat.ts'

const Done = Type.Object({ done: Type.Boolean() })
/** Scripts of 40,000 characters in UTF-8, escaped, and their titles. */
const RUN_BYTES_MAX = 400_000

/** How each section of the desk is read, for its GET and for the frames of the room. */
export interface SectionReaders extends Record<ShowSection, (roomId: number) => Promise<unknown>> {
  run(roomId: number): Promise<RunOfShow>
  people(roomId: number): Promise<DeskPeople>
  drops(roomId: number): Promise<DeskDrops>
  actions(roomId: number): Promise<DeskActions>
  warnings(roomId: number): Promise<DeskWarnings>
  figures(roomId: number): Promise<DeskFigures>
}

function sectionRoutes(context: ShowContext, read: SectionReaders): Route[] {
  const shared = { who: context.live.team, method: 'GET', params: IdParams, limit: DESK_LIMIT, quiet: true } as const
  return [
    route({
      ...shared,
      url: '/api/rooms/:id/run',
      summary: 'The run of the show with its script',
      response: RunOfShow,
      handle: ({ params }) => read.run(params.id),
    }),
    route({
      ...shared,
      url: '/api/rooms/:id/people',
      summary: 'Who sits at the desk',
      response: DeskPeople,
      handle: ({ params }) => read.people(params.id),
    }),
    route({
      ...shared,
      url: '/api/rooms/:id/drops',
      summary: 'The drops of the room, the newest first',
      response: DeskDrops,
      handle: ({ params }) => read.drops(params.id),
    }),
    route({
      ...shared,
      url: '/api/rooms/:id/actions',
      summary: 'What was done at the desk, the newest first',
      response: DeskActions,
      handle: ({ params }) => read.actions(params.id),
    }),
    route({
      ...shared,
      url: '/api/rooms/:id/warnings',
      summary: 'What the desk should know of just now',
      response: DeskWarnings,
      handle: ({ params }) => read.warnings(params.id),
    }),
    route({
      ...shared,
      url: '/api/rooms/:id/figures',
      summary: 'Viewers, orders, money and mass',
      response: DeskFigures,
      handle: ({ params }) => read.figures(params.id),
    }),
  ]
}

function runRoutes(context: ShowContext, read: SectionReaders): Route[] {
  const shared = { who: context.live.team, params: IdParams, response: RunOfShow, limit: DESK_LIMIT } as const
  return [
    route({
      ...shared,
      method: 'PUT',
      url: '/api/rooms/:id/run',
      summary: 'The whole run in order, based on the version that stands',
      body: RunInput,
      bodyLimitBytes: RUN_BYTES_MAX,
      handle: async ({ request, params, body }) => {
        await editRun(context, params.id, body, actorOf(request).userId)
        return read.run(params.id)
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/run/current',
      summary: 'What of the run is on now',
      body: RunCurrentInput,
      handle: async ({ request, params, body }) => {
        await setCurrentItem(context, params.id, body.itemId, actorOf(request).userId)
        return read.run(params.id)
      },
    }),
  ]
}

function actRoutes(context: ShowContext, undoers: ShowContext['undoers'], read: SectionReaders): Route[] {
  const shared = { who: context.live.team, limit: DESK_LIMIT, params: IdParams } as const
  return [
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/notices',
      summary: 'Show a notice to everybody in the room',
      body: NoticeInput,
      response: Done,
      handle: async ({ request, params, body }) => {
        await postNotice(context, params.id, body, actorOf(request).userId)
        return { done: true }
      },
    }),
    route({
      ...shared,
      method: 'PUT',
      url: '/api/rooms/:id/seat',
      summary: 'I sit at the desk, or leave it',
      body: SeatInput,
      response: DeskPeople,
      quiet: true,
      handle: async ({ request, params, body }) => {
        await takeSeat(context, params.id, body, actorOf(request).userId)
        return read.people(params.id)
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/actions/:actionId/undo',
      summary: 'Take back what was done, as long as nothing has touched it since',
      params: Type.Object({ id: Id, actionId: Id }),
      response: DeskActions,
      handle: async ({ request, params }) => {
        await undoAction(context, undoers, { roomId: params.id, actionId: params.actionId }, actorOf(request).userId)
        return read.actions(params.id)
      },
    }),
    route({
      ...shared,
      method: 'PUT',
      url: '/api/rooms/:id/shelf/hidden',
      summary: 'Show a place of the shelf to viewers, or not',
      body: HiddenInput,
      response: Done,
      handle: async ({ request, params, body }) => {
        await context.live.shelf.hide(params.id, body, body.hidden, actorOf(request).userId)
        return { done: true }
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/shelf/stock',
      summary: 'More packs of a SKU of the shelf (also shop staff)',
      body: MorePacksInput,
      response: PacksInStock,
      handle: async ({ request, params, body }) => {
        const stock = await addPacks(context, params.id, body, actorOf(request).userId)
        return { shopId: body.shopId, skuId: body.skuId, stock }
      },
    }),
  ]
}

export function deskRoutes(context: ShowContext, undoers: ShowContext['undoers'], read: SectionReaders): Route[] {
  return [...sectionRoutes(context, read), ...runRoutes(context, read), ...actRoutes(context, undoers, read)]
}
