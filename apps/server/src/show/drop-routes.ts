import {
  BagInput,
  DropEntry,
  DropPage,
  DropWinners,
  Id,
  IdParams,
  MyDrops,
  PollInput,
  PrizeInput,
  RoomDrop,
  VoteInput,
} from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import { castVote } from './cast-vote.ts'
import { claimPrize } from './claim-prize.ts'
import { closeDropOfRoom } from './close-drop.ts'
import type { ShowContext } from './context.ts'
import { enterBag } from './enter-bag.ts'
import { openBag } from './open-bag.ts'
import { openPoll } from './open-poll.ts'
import { readDropPage, readMyDrops, readWinners } from './read-drops.ts'
import { readDrop } from './tell-drop.ts'

export const DESK_LIMIT = { max: 120, windowS: 60, by: 'user' } as const
/** A tap, and another one because the first seemed to do nothing. */
const TAP_LIMIT = { max: 60, windowS: 60, by: 'user' } as const
const Done = Type.Object({ done: Type.Boolean() })
const DropParams = Type.Object({ id: Id, dropId: Id })

function deskRoutes(context: ShowContext): Route[] {
  const { db } = context.platform
  const shared = { who: context.live.team, limit: DESK_LIMIT }
  return [
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/bags',
      summary: 'Open a lucky bag; its winners are drawn when it closes',
      params: IdParams,
      body: BagInput,
      response: RoomDrop,
      status: 201,
      handle: async ({ request, params, body }) => {
        const dropId = await openBag(context, params.id, body, actorOf(request).userId)
        return (await readDrop(db, dropId)).drop
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/polls',
      summary: 'Open a poll',
      params: IdParams,
      body: PollInput,
      response: RoomDrop,
      status: 201,
      handle: async ({ request, params, body }) => {
        const dropId = await openPoll(context, params.id, body, actorOf(request).userId)
        return (await readDrop(db, dropId)).drop
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/drops/:dropId/close',
      summary: 'Close a drop before its time; a bag is drawn',
      params: DropParams,
      response: RoomDrop,
      handle: async ({ request, params }) => {
        await closeDropOfRoom(context, params.id, params.dropId, actorOf(request).userId)
        return (await readDrop(db, params.dropId)).drop
      },
    }),
    route({
      ...shared,
      method: 'GET',
      url: '/api/rooms/:id/drops/:dropId/winners',
      summary: 'Who has won and where the prizes go',
      params: DropParams,
      response: DropWinners,
      handle: ({ params }) => readWinners(context, params.id, params.dropId),
    }),
  ]
}

function viewerRoutes(context: ShowContext): Route[] {
  const { signedIn, anyone } = context.identity.who
  const { signedInEntrant } = context.live
  const tap = { who: signedIn, params: IdParams, limit: TAP_LIMIT, quiet: true }
  return [
    route({
      ...tap,
      method: 'POST',
      url: '/api/drops/:id/enter',
      summary: 'Enter a lucky bag, for nothing; again gives the same ticket',
      response: DropEntry,
      handle: ({ request, params }) => enterBag(context, params.id, actorOf(request).userId),
    }),
    route({
      ...tap,
      method: 'POST',
      url: '/api/drops/:id/vote',
      summary: 'Vote in a poll, once',
      body: VoteInput,
      response: Done,
      handle: async ({ request, params, body }) => {
        await castVote(context, params.id, actorOf(request).userId, body.option)
        return { done: true }
      },
    }),
    route({
      ...tap,
      method: 'POST',
      url: '/api/drops/:id/prize',
      summary: 'Say where a prize that I won goes',
      body: PrizeInput,
      response: Done,
      handle: async ({ request, params, body }) => {
        await claimPrize(context, params.id, actorOf(request).userId, body.addressId)
        return { done: true }
      },
    }),
    route({
      method: 'GET',
      url: '/api/rooms/:id/drops/mine',
      who: signedInEntrant,
      summary: 'What I have done in the bags and polls of the room',
      params: IdParams,
      response: MyDrops,
      quiet: true,
      handle: ({ request, params }) => readMyDrops(context, params.id, actorOf(request).userId),
    }),
    route({
      method: 'GET',
      url: '/api/drops/:id',
      who: anyone,
      summary: 'A drop; of a bag that is drawn all that is needed to draw it again',
      params: IdParams,
      response: DropPage,
      // The list of a full room's entrants is a megabyte.
      limit: { max: 300, windowS: 60 },
      handle: ({ request, params }) => readDropPage(context, params.id, request.actor?.userId ?? null),
    }),
  ]
}

export function dropRoutes(context: ShowContext): Route[] {
  return [...deskRoutes(context), ...viewerRoutes(context)]
}
