import {
  AgeByOperator,
  AgeInput,
  CountyFollow,
  CountyParams,
  DemoMessages,
  IdParams,
  MyAge,
  MyFollows,
  MyNotices,
  RoomMe,
  RoomReminder,
  ShareQuery,
  UserParams,
} from '@chunbo/contract'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import { declareBirth, noteAge, readMyAge } from './ages.ts'
import type { AudienceContext } from './context.ts'
import { readDemoReminders } from './demo-messages.ts'
import { followCounty, readFollow, unfollowCounty } from './follow-county.ts'
import { readFollows, readNotices, readRoomMe, seeNotices } from './read-mine.ts'
import { sendShareCard } from './send-share-card.ts'
import { dropReminder, setReminder } from './set-reminder.ts'
import type { ShareBook } from './share-book.ts'

/** Nobody follows or takes back faster by hand. */
const TAPS = { max: 60, windowS: 60, by: 'user' } as const

function followRoutes(context: AudienceContext): Route[] {
  const { who } = context.identity
  const shared = { url: '/api/counties/:code/follow', params: CountyParams, response: CountyFollow } as const
  return [
    route({
      ...shared,
      method: 'GET',
      who: who.anyone,
      summary: 'Whether I follow a county, and how many do',
      handle: ({ params, request }) => readFollow(context, request.actor?.userId ?? null, params.code),
    }),
    route({
      ...shared,
      method: 'PUT',
      who: who.signedIn,
      summary: 'Follow a county',
      limit: TAPS,
      handle: ({ params, request }) => followCounty(context, actorOf(request).userId, params.code),
    }),
    route({
      ...shared,
      method: 'DELETE',
      who: who.signedIn,
      summary: 'No longer follow a county',
      limit: TAPS,
      handle: ({ params, request }) => unfollowCounty(context, actorOf(request).userId, params.code),
    }),
    route({
      method: 'GET',
      url: '/api/my/follows',
      who: who.signedIn,
      summary: 'The counties that I follow, each with its room on air or the next one',
      response: MyFollows,
      handle: ({ request }) => readFollows(context, actorOf(request).userId),
    }),
    route({
      method: 'GET',
      url: '/api/my/notices',
      who: who.signedIn,
      summary: 'Reminders, and shows of the counties that I follow, the newest first',
      response: MyNotices,
      handle: ({ request }) => readNotices(context, actorOf(request).userId),
    }),
    route({
      method: 'POST',
      url: '/api/my/notices/seen',
      who: who.signedIn,
      summary: 'I have seen my notices',
      status: 204,
      limit: TAPS,
      handle: async ({ request, reply }) => {
        await seeNotices(context, actorOf(request).userId)
        return reply.send()
      },
    }),
  ]
}

function roomRoutes(context: AudienceContext, shares: ShareBook): Route[] {
  const { entrant, signedInEntrant } = context.live
  const reminder = {
    url: '/api/rooms/:id/reminder',
    who: signedInEntrant,
    params: IdParams,
    response: RoomReminder,
    limit: TAPS,
  } as const
  return [
    route({
      ...reminder,
      method: 'PUT',
      summary: 'Tell me ten minutes before the show',
      handle: async ({ params, request }) => {
        await setReminder(context, actorOf(request).userId, params.id)
        return { reminded: true }
      },
    }),
    route({
      ...reminder,
      method: 'DELETE',
      summary: 'Do not tell me after all',
      handle: async ({ params, request }) => {
        await dropReminder(context, actorOf(request).userId, params.id)
        return { reminded: false }
      },
    }),
    route({
      method: 'GET',
      url: '/api/rooms/:id/me',
      who: signedInEntrant,
      summary: 'What the room knows of me: following, reminded, level, and what my age lets me do',
      params: IdParams,
      response: RoomMe,
      quiet: true,
      handle: ({ params, request }) => readRoomMe(context, actorOf(request).userId, params.id),
    }),
    route({
      method: 'GET',
      url: '/api/rooms/:id/share.png',
      who: entrant,
      summary: 'A picture to share the room with, with a code to scan',
      params: IdParams,
      query: ShareQuery,
      limit: { max: 60, windowS: 60 },
      handle: ({ params, query, request, reply }) =>
        sendShareCard(context, shares, params.id, query.lang ?? 'zh', { request, reply }),
    }),
  ]
}

function ageRoutes(context: AudienceContext): Route[] {
  const { who } = context.identity
  return [
    route({
      method: 'GET',
      url: '/api/my/age',
      who: who.signedIn,
      summary: 'What I said of my age',
      response: MyAge,
      handle: ({ request }) => readMyAge(context, actorOf(request).userId),
    }),
    route({
      method: 'PUT',
      url: '/api/my/age',
      who: who.signedIn,
      summary: 'Say my month of birth, once',
      body: AgeInput,
      response: MyAge,
      limit: { max: 10, windowS: 3600, by: 'user' },
      handle: async ({ request, body }) => {
        const { userId } = actorOf(request)
        await declareBirth(context, userId, body.birthMonth)
        return readMyAge(context, userId)
      },
    }),
    route({
      method: 'PUT',
      url: '/api/users/:id/age',
      who: who.operatorOnly,
      summary: "Put somebody's age right, or note a guardian's consent",
      params: UserParams,
      body: AgeByOperator,
      response: MyAge,
      handle: async ({ params, request, body }) => {
        await noteAge(context, actorOf(request).userId, params.id, body)
        return readMyAge(context, params.id)
      },
    }),
  ]
}

function demoRoutes(context: AudienceContext): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/demo/reminders',
      who: context.identity.who.anyone,
      summary: 'Demonstration only: reminders that a real sender would have sent as text messages',
      response: DemoMessages,
      handle: () => readDemoReminders(context),
    }),
  ]
}

/** The slice's table. */
export function audienceRoutes(context: AudienceContext, shares: ShareBook): Route[] {
  return [
    ...followRoutes(context),
    ...roomRoutes(context, shares),
    ...ageRoutes(context),
    ...(context.platform.config.demo ? demoRoutes(context) : []),
  ]
}
