import {
  DivisionCode,
  HandoverInput,
  IdParams,
  PageQuery,
  PinInput,
  PublishingInput,
  page,
  RoomCard,
  RoomDesk,
  RoomEdit,
  RoomHosts,
  RoomInput,
  RoomPage,
  ShelfInput,
} from '@chunbo/contract'
import { Type } from 'typebox'
import { Refusal } from '../platform/problem.ts'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import type { LiveContext } from './context.ts'
import { createRoom } from './create-room.ts'
import { pinAtDesk, setShelfAtDesk, unpinAtDesk } from './desk-acts.ts'
import { editRoom } from './edit-room.ts'
import { endRoom } from './end-room.ts'
import { handOver, readHosts } from './hand-over.ts'
import { listRooms, listTeamRooms } from './list-rooms.ts'
import { readRoomDesk, readRoomPage, toRoomCard } from './read-room-page.ts'
import type { RoomDoors } from './room-team.ts'
import { rotateStreamKey } from './rotate-stream-key.ts'
import { setPublishing } from './set-publishing.ts'

const Listing = Type.Union([Type.Literal('live'), Type.Literal('scheduled'), Type.Literal('ended')])
/** A desk works in seconds, not faster. */
const DESK_LIMIT = { max: 120, windowS: 60, by: 'user' } as const

function publicRoutes(context: LiveContext, { entrant }: RoomDoors): Route[] {
  const { anyone } = context.identity.who
  return [
    route({
      method: 'GET',
      url: '/api/rooms',
      who: anyone,
      summary: 'Rooms on air, to come or over',
      query: Type.Object({
        status: Type.Optional(Listing),
        county: Type.Optional(DivisionCode),
        ...PageQuery.properties,
      }),
      response: page(RoomCard),
      quiet: true,
      handle: async ({ query }) => {
        const { items, next } = await listRooms(context, {
          listing: query.status ?? 'live',
          countyCode: query.county ?? null,
          cursor: query.cursor ?? null,
          limit: query.limit ?? 20,
        })
        return { items: items.map((row) => toRoomCard(context, row)), next }
      },
    }),
    route({
      method: 'GET',
      url: '/api/rooms/:id',
      who: entrant,
      summary: 'A room with its shelf: all that the first screen needs',
      params: IdParams,
      response: RoomPage,
      quiet: true,
      handle: ({ params }) => readRoomPage(context, params.id),
    }),
    route({
      method: 'GET',
      url: '/api/rooms/:id/hosts',
      who: entrant,
      summary: 'Who spoke from when',
      params: IdParams,
      response: RoomHosts,
      handle: ({ params }) => readHosts(context.platform.db, params.id),
    }),
  ]
}

/** The counties in whose host team a user is now; null for an operator, who is in all of them. */
async function countiesOf({ identity, platform }: LiveContext, userId: number): Promise<number[] | null> {
  if (await identity.may(userId)) return null
  const now = platform.clock.now()
  return (await identity.grantsOf(userId)).flatMap(({ role, countyCode, validFrom, validUntil }) =>
    role === 'host' && countyCode !== null && validFrom <= now && (validUntil === null || now < validUntil)
      ? [countyCode]
      : [],
  )
}

function planningRoutes(context: LiveContext): Route[] {
  const { anyOf } = context.identity.who
  return [
    route({
      method: 'GET',
      url: '/api/my/rooms',
      who: anyOf('host'),
      summary: 'Rooms of my counties, the newest first',
      query: PageQuery,
      response: page(RoomCard),
      handle: async ({ request, query }) => {
        const countyCodes = await countiesOf(context, actorOf(request).userId)
        const { items, next } = await listTeamRooms(context, {
          countyCodes,
          cursor: query.cursor ?? null,
          limit: query.limit ?? 50,
        })
        return { items: items.map((row) => toRoomCard(context, row)), next }
      },
    }),
    route({
      method: 'POST',
      url: '/api/rooms',
      who: anyOf('host'),
      summary: 'Schedule a room (host of the county)',
      body: RoomInput,
      response: RoomDesk,
      status: 201,
      limit: { max: 60, windowS: 3600, by: 'user' },
      handle: async ({ request, body }) => {
        const { userId } = actorOf(request)
        await context.identity.require(userId, { role: 'host', countyCode: body.countyCode })
        if (!(await context.mayHost(userId))) throw new Refusal('live.host_too_young')
        return readRoomDesk(context, await createRoom(context, body, userId))
      },
    }),
  ]
}

function deskRoutes(context: LiveContext, { team }: RoomDoors): Route[] {
  const shared = { who: team, params: IdParams, response: RoomDesk, limit: DESK_LIMIT }
  return [
    route({
      ...shared,
      method: 'GET',
      url: '/api/rooms/:id/desk',
      summary: 'The room with its stream key and figures',
      quiet: true,
      handle: ({ params }) => readRoomDesk(context, params.id),
    }),
    route({
      ...shared,
      method: 'PATCH',
      url: '/api/rooms/:id',
      summary: 'Change title, host, time or cover',
      body: RoomEdit,
      handle: async ({ params, body }) => {
        await editRoom(context, params.id, body)
        return readRoomDesk(context, params.id)
      },
    }),
    route({
      ...shared,
      method: 'PUT',
      url: '/api/rooms/:id/shelf',
      summary: 'The whole shelf in order',
      body: ShelfInput,
      handle: async ({ request, params, body }) => {
        await setShelfAtDesk(context, params.id, body.items, actorOf(request).userId)
        return readRoomDesk(context, params.id)
      },
    }),
    route({
      ...shared,
      method: 'PUT',
      url: '/api/rooms/:id/pin',
      summary: 'Show a SKU of the shelf as what is explained now',
      body: PinInput,
      handle: async ({ request, params, body }) => {
        await pinAtDesk(context, params.id, body, actorOf(request).userId)
        return readRoomDesk(context, params.id)
      },
    }),
    route({
      ...shared,
      method: 'DELETE',
      url: '/api/rooms/:id/pin',
      summary: 'End what is explained',
      handle: async ({ request, params }) => {
        await unpinAtDesk(context, params.id, actorOf(request).userId)
        return readRoomDesk(context, params.id)
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/stream-key',
      summary: 'A new stream key; the old one ends at once',
      handle: async ({ request, params }) => {
        await rotateStreamKey(context, params.id, actorOf(request).userId)
        return readRoomDesk(context, params.id)
      },
    }),
    route({
      ...shared,
      method: 'PUT',
      url: '/api/rooms/:id/publishing',
      summary: 'Whether a second publisher takes over, and when the key ends',
      body: PublishingInput,
      handle: async ({ request, params, body }) => {
        await setPublishing(context, params.id, body, actorOf(request).userId)
        return readRoomDesk(context, params.id)
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/handover',
      summary: 'Another host speaks from now on',
      body: HandoverInput,
      handle: async ({ request, params, body }) => {
        const { userId } = actorOf(request)
        await handOver(context, params.id, body, userId)
        const detail = { hostName: body.hostName }
        await context.deskActed({ roomId: params.id, userId, kind: 'handover', aspect: 'host', detail, undo: null })
        return readRoomDesk(context, params.id)
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/end',
      summary: 'End the show for good',
      handle: async ({ params }) => {
        await endRoom(context, params.id)
        return readRoomDesk(context, params.id)
      },
    }),
  ]
}

/** The slice's table; `doors` say who may come into the room in the path. */
export function liveRoutes(context: LiveContext, doors: RoomDoors): Route[] {
  return [...publicRoutes(context, doors), ...planningRoutes(context), ...deskRoutes(context, doors)]
}
