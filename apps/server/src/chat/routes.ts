import {
  AppealAnswerInput,
  AppealInput,
  ChatLineParams,
  ChatLogEntry,
  ChatModeInput,
  ChatPinInput,
  ChatRemoval,
  ChatReportInput,
  ChatTerms,
  IdParams,
  Moderation,
  MuteInput,
  MuteParams,
  MyMute,
  PageQuery,
  page,
} from '@chunbo/contract'
import { Type } from 'typebox'
import { Refusal } from '../platform/problem.ts'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import { answerAppeal } from './answer-appeal.ts'
import { appealMute } from './appeal-mute.ts'
import { readLog } from './chat-log.ts'
import type { ChatContext } from './context.ts'
import { editTerms, readTerms } from './edit-terms.ts'
import { liftMute } from './lift-mute.ts'
import { muteViewer } from './mute-viewer.ts'
import { pinComment, unpinComment } from './pin-comment.ts'
import { questionRoutes } from './question-routes.ts'
import { readModeration, readMyMutes } from './read-moderation.ts'
import { removeLine } from './remove-lines.ts'
import { reportLine, settleReports } from './report-line.ts'
import { setChatMode } from './set-chat-mode.ts'

/** A desk works in seconds, not faster. */
const DESK_LIMIT = { max: 120, windowS: 60, by: 'user' } as const
/** Twenty thousand terms of forty characters of four bytes fit. */
const TERMS_BYTES_MAX = 4_000_000

function rulesRoutes(context: ChatContext): Route[] {
  const shared = { who: context.live.team, response: Moderation, limit: DESK_LIMIT }
  const whole = (roomId: number) => readModeration(context, roomId)
  return [
    route({
      method: 'GET',
      url: '/api/rooms/:id/moderation',
      who: context.live.team,
      summary: 'The rules of the chat, who is silenced, what is reported, and what was done',
      params: IdParams,
      response: Moderation,
      quiet: true,
      handle: ({ params }) => whole(params.id),
    }),
    route({
      ...shared,
      method: 'PUT',
      url: '/api/rooms/:id/chat-mode',
      summary: 'Slow mode, followers only, closed',
      params: IdParams,
      body: ChatModeInput,
      handle: async ({ request, params, body }) => {
        await setChatMode(context, params.id, body, actorOf(request).userId)
        return whole(params.id)
      },
    }),
    route({
      ...shared,
      method: 'PUT',
      url: '/api/rooms/:id/chat-pin',
      summary: 'Put a line above the chat',
      params: IdParams,
      body: ChatPinInput,
      handle: async ({ request, params, body }) => {
        await pinComment(context, params.id, body.lineId.toLowerCase(), actorOf(request).userId)
        return whole(params.id)
      },
    }),
    route({
      ...shared,
      method: 'DELETE',
      url: '/api/rooms/:id/chat-pin',
      summary: 'Take down what stands above the chat',
      params: IdParams,
      handle: async ({ request, params }) => {
        await unpinComment(context, params.id, actorOf(request).userId)
        return whole(params.id)
      },
    }),
    route({
      ...shared,
      method: 'DELETE',
      url: '/api/rooms/:id/chat/:lineId',
      summary: 'Take a line down everywhere',
      params: ChatLineParams,
      query: ChatRemoval,
      handle: async ({ request, params, query }) => {
        const removal = { lineId: params.lineId.toLowerCase(), reason: query.reason ?? 'other' }
        await removeLine(context, params.id, removal, actorOf(request).userId)
        return whole(params.id)
      },
    }),
    route({
      method: 'GET',
      url: '/api/rooms/:id/moderation/log',
      who: context.live.team,
      summary: 'What was done to the chat, the newest first; nobody can change it',
      params: IdParams,
      query: PageQuery,
      response: page(ChatLogEntry),
      handle: async ({ params, query }) => {
        const limit = query.limit ?? 50
        const rows = await readLog(context.platform.db, params.id, readCursor(query.cursor), limit + 1)
        const items = rows.slice(0, limit)
        return { items, next: rows.length > limit ? String(items.at(-1)?.id) : null }
      },
    }),
  ]
}

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new Refusal('live.cursor_invalid')
  return Number(cursor)
}

function muteRoutes(context: ChatContext): Route[] {
  const shared = { who: context.live.team, response: Moderation, limit: DESK_LIMIT }
  const whole = (roomId: number) => readModeration(context, roomId)
  return [
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/mutes',
      summary: 'Silence who said a line, here for a time or in the whole county',
      params: IdParams,
      body: MuteInput,
      handle: async ({ request, params, body }) => {
        const input = { ...body, lineId: body.lineId.toLowerCase() }
        await muteViewer(context, params.id, input, actorOf(request).userId)
        return whole(params.id)
      },
    }),
    route({
      ...shared,
      method: 'DELETE',
      url: '/api/rooms/:id/mutes/:muteId',
      summary: 'Let somebody talk again',
      params: MuteParams,
      handle: async ({ request, params }) => {
        await liftMute(context, params.id, params.muteId, actorOf(request).userId)
        return whole(params.id)
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/appeals/:muteId',
      summary: 'Answer an appeal',
      params: MuteParams,
      body: AppealAnswerInput,
      handle: async ({ request, params, body }) => {
        await answerAppeal(context, params.id, { muteId: params.muteId, ...body }, actorOf(request).userId)
        return whole(params.id)
      },
    }),
    route({
      ...shared,
      method: 'POST',
      url: '/api/rooms/:id/reports/:lineId/settle',
      summary: 'Nothing is wrong with a line that was reported',
      params: ChatLineParams,
      handle: async ({ request, params }) => {
        await settleReports(context, params.id, params.lineId.toLowerCase(), actorOf(request).userId)
        return whole(params.id)
      },
    }),
  ]
}

function viewerRoutes(context: ChatContext): Route[] {
  const { signedIn } = context.identity.who
  return [
    route({
      method: 'POST',
      url: '/api/rooms/:id/reports',
      who: signedIn,
      summary: 'Report a line of the chat',
      params: IdParams,
      body: ChatReportInput,
      limit: { max: 30, windowS: 600, by: 'user' },
      handle: async ({ request, reply, params, body }) => {
        const { lineId, reason, words = '' } = body
        await context.requireEntry(params.id, actorOf(request).userId)
        await reportLine(context, params.id, { lineId: lineId.toLowerCase(), reason, words }, actorOf(request).userId)
        return reply.code(204).send()
      },
    }),
    route({
      method: 'GET',
      url: '/api/my/mutes',
      who: signedIn,
      summary: 'Where I am silenced, and what became of my appeals',
      response: Type.Object({ items: Type.Array(MyMute) }),
      handle: async ({ request }) => ({ items: await readMyMutes(context, actorOf(request).userId) }),
    }),
    route({
      method: 'POST',
      url: '/api/mutes/:id/appeal',
      who: signedIn,
      summary: 'Say something against a mute of my own, once',
      params: IdParams,
      body: AppealInput,
      response: MyMute,
      limit: { max: 20, windowS: 600, by: 'user' },
      handle: async ({ request, params, body }) => {
        const { userId } = actorOf(request)
        await appealMute(context, params.id, body.words, userId)
        const mine = (await readMyMutes(context, userId)).find(({ id }) => id === params.id)
        if (!mine) throw new Refusal('chat.mute_not_found')
        return mine
      },
    }),
  ]
}

function termRoutes(context: ChatContext): Route[] {
  const { operatorOnly } = context.identity.who
  return [
    route({
      method: 'GET',
      url: '/api/chat/terms',
      who: operatorOnly,
      summary: 'Packs of words that may not be said in the chat',
      response: ChatTerms,
      handle: () => readTerms(context),
    }),
    route({
      method: 'PUT',
      url: '/api/chat/terms',
      who: operatorOnly,
      summary: 'The packs anew',
      body: ChatTerms,
      response: ChatTerms,
      bodyLimitBytes: TERMS_BYTES_MAX,
      limit: { max: 30, windowS: 60, by: 'user' },
      handle: ({ request, body }) => editTerms(context, body, actorOf(request).userId),
    }),
  ]
}

/** The slice's table. */
export function chatRoutes(context: ChatContext): Route[] {
  return [
    ...rulesRoutes(context),
    ...muteRoutes(context),
    ...viewerRoutes(context),
    ...questionRoutes(context),
    ...termRoutes(context),
  ]
}
