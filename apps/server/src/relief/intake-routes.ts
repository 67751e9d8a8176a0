import {
  AlertContact,
  AlertInput,
  AlertReceipt,
  ContactLook,
  CsvResult,
  DemoMessages,
  IdParams,
  MediaAlertInput,
  MediaSender,
  MediaSenderInput,
  NewMediaSender,
  PhoneAlertInput,
  Picture,
  ReliefTrack,
  text,
} from '@chunbo/contract'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { PICTURE_BYTES_MAX, readUpload } from '../catalogue/index.ts'
import { maskPhone } from '../identity/index.ts'
import { Refusal } from '../platform/problem.ts'
import { type Route, route } from '../platform/routes.ts'
import { actorOf, type Who } from '../platform/session.ts'
import type { ReliefContext } from './context.ts'
import { importAlerts } from './import-alerts.ts'
import { listMessages } from './intake-queries.ts'
import { rawBodyOf } from './keep-raw-body.ts'
import { lookAtContact } from './look-at-contact.ts'
import { listMediaSenders, makeMediaSender, revokeMediaSender } from './media-senders.ts'
import { readTrack } from './read-track.ts'
import { type MediaProof, receiveMedia } from './receive-media.ts'
import { reportAlert, takeCall } from './report-alert.ts'
import { uploadPicture } from './upload-picture.ts'

export const MEDIA_URL = '/api/relief/media'
/** 500 rows with long words. */
export const CSV_BYTES_MAX = 2 * 1024 * 1024
/** A village behind one address has more than one farmer; a machine has more than this. */
const REPORTS = { max: 30, windowS: 3600, by: 'user' } as const
const UPLOADS = { max: 120, windowS: 3600 } as const

const BEARER = /^Bearer ([\w-]{20,100})$/

/** What a media monitor sends besides the body. */
function readProof(request: FastifyRequest): MediaProof {
  const { authorization = '', 'x-chunbo-timestamp': timestamp, 'x-chunbo-signature': signature } = request.headers
  const key = BEARER.exec(authorization)?.[1]
  if (!key || typeof timestamp !== 'string' || typeof signature !== 'string') throw new Refusal('relief.media_unsigned')
  return { key, timestamp, signature, body: rawBodyOf(request) }
}

/** A key is no person: who is signed in and brings none is not let in, and a stranger is asked for one. */
function withMediaKey(anyone: Who): Who {
  return {
    name: 'media monitor with a key',
    async check(request, reply) {
      await anyone.check(request, reply)
      if (BEARER.test(request.headers.authorization ?? '')) return
      throw new Refusal(request.actor ? 'identity.not_allowed' : 'relief.media_unsigned')
    },
  }
}

function publicRoutes(context: ReliefContext): Route[] {
  const { who } = context.identity
  return [
    route({
      method: 'POST',
      url: '/api/relief/alerts',
      who: who.anyone,
      summary: 'Report a glut; the key makes it one report however often it is sent',
      body: AlertInput,
      response: AlertReceipt,
      status: 201,
      limit: REPORTS,
      handle: ({ body, request }) => reportAlert(context, request.actor?.userId ?? null, body),
    }),
    route({
      method: 'POST',
      url: '/api/relief/pictures',
      who: who.anyone,
      summary: 'Upload a picture for a report: multipart/form-data with the field "file", at most 10 MB; kept a day',
      response: Picture,
      status: 201,
      limit: UPLOADS,
      upload: { bytesMax: PICTURE_BYTES_MAX },
      handle: async ({ request }) => {
        const { bytes, declaredType } = await readUpload(request)
        return uploadPicture(context, bytes, declaredType)
      },
    }),
    route({
      method: 'GET',
      url: '/api/relief/track/:token',
      who: who.anyone,
      summary: 'Where a report stands, for who has its link',
      params: Type.Object({ token: Type.String({ pattern: '^[a-z0-9]{20}$' }) }),
      response: ReliefTrack,
      limit: { max: 300, windowS: 60 },
      handle: ({ params }) => readTrack(context.platform.db, params.token),
    }),
    route({
      method: 'POST',
      url: MEDIA_URL,
      who: withMediaKey(who.anyone),
      summary: 'Report a glut as a media monitor: key, timestamp and signature in the headers',
      body: MediaAlertInput,
      response: AlertReceipt,
      status: 201,
      bodyLimitBytes: 64 * 1024,
      handle: ({ body, request }) => receiveMedia(context, readProof(request), body),
    }),
  ]
}

function deskRoutes(context: ReliefContext): Route[] {
  const { who } = context.identity
  return [
    route({
      method: 'POST',
      url: '/api/relief/alerts/phone',
      who: who.anyOf('relief_desk'),
      summary: 'Take down what a caller reports',
      body: PhoneAlertInput,
      response: AlertReceipt,
      status: 201,
      handle: ({ body, request }) => takeCall(context, actorOf(request).userId, body),
    }),
    route({
      method: 'POST',
      url: '/api/relief/alerts/csv',
      who: who.anyOf('relief_desk', 'commissioner'),
      summary: 'Report by a CSV file of at most 500 rows, each taken or refused by itself',
      query: Type.Object({ sender: Type.Optional(text(40)) }),
      response: CsvResult,
      limit: { max: 60, windowS: 3600, by: 'user' },
      bodyLimitBytes: CSV_BYTES_MAX,
      handle: ({ request, query }) => {
        if (!Buffer.isBuffer(request.body)) throw new Refusal('relief.csv_needed')
        return importAlerts(context, actorOf(request).userId, request.body, (query.sender ?? '').trim())
      },
    }),
    route({
      method: 'POST',
      url: '/api/relief/alerts/:id/contact',
      who: who.anyOf('relief_desk', 'commissioner', 'inspector', 'merchant'),
      summary: 'Whom to call about an alert; every look is written down with its reason',
      params: IdParams,
      body: ContactLook,
      response: AlertContact,
      limit: { max: 120, windowS: 3600, by: 'user' },
      handle: ({ params, body, request }) => lookAtContact(context, actorOf(request).userId, params.id, body.reason),
    }),
    route({
      method: 'GET',
      url: '/api/relief/media-senders',
      who: who.anyOf('relief_desk'),
      summary: 'Media monitors that may report by webhook',
      response: Type.Object({ items: Type.Array(MediaSender) }),
      handle: async () => ({ items: await listMediaSenders(context) }),
    }),
    route({
      method: 'POST',
      url: '/api/relief/media-senders',
      who: who.anyOf('relief_desk'),
      summary: 'Let a media monitor report; its key is shown this once',
      body: MediaSenderInput,
      response: NewMediaSender,
      status: 201,
      handle: ({ body, request }) => makeMediaSender(context, actorOf(request).userId, body.name),
    }),
    route({
      method: 'DELETE',
      url: '/api/relief/media-senders/:id',
      who: who.anyOf('relief_desk'),
      summary: "Take a media monitor's key back",
      params: IdParams,
      status: 204,
      handle: async ({ params, request, reply }) => {
        await revokeMediaSender(context, actorOf(request).userId, params.id)
        return reply.send()
      },
    }),
  ]
}

function demoRoutes(context: ReliefContext): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/demo/messages',
      who: context.identity.who.anyone,
      summary: 'Demonstration only: text messages that a real sender would have sent',
      response: DemoMessages,
      handle: async () => ({
        messages: (await listMessages(context.platform.db)).map((one) => ({ ...one, phone: maskPhone(one.phone) })),
      }),
    }),
  ]
}

/** How words of gluts come in: the public form, the telephone, files, media. */
export function intakeRoutes(context: ReliefContext): Route[] {
  return [
    ...publicRoutes(context),
    ...deskRoutes(context),
    ...(context.platform.config.demo ? demoRoutes(context) : []),
  ]
}
