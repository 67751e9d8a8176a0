import { createHash } from 'node:crypto'
import {
  Certificate,
  EffectChoice,
  exact,
  IdParams,
  Inspection,
  InspectionList,
  InspectionSync,
  MyInspections,
  StoredPhoto,
  SyncAnswer,
  Uuid,
} from '@chunbo/contract'
import { Type } from 'typebox'
import { Refusal } from '../platform/problem.ts'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import { readCertificate } from './certificate.ts'
import { type InspectionsContext, inspectedCounties } from './context.ts'
import { listMine } from './list-mine.ts'
import { readCase } from './lock-inspection.ts'
import { PRINT_STYLE, printCertificate } from './print-certificate.ts'
import { readInspections } from './read-inspections.ts'
import { settleEffect } from './settle-effect.ts'
import { PHOTO_BYTES_MAX, storePhoto } from './store-photo.ts'
import { syncOps } from './sync-ops.ts'

const CertificateParams = Type.Object({ number: Type.String({ pattern: '^HG[0-9]{8}-[0-9A-F]{10}$' }) })
const InspectionParams = exact({ id: Uuid })
/** The page runs nothing and loads nothing; its one style is named by digest. */
const PRINT_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(PRINT_STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`

/** For the app in the field. */
function fieldRoutes(context: InspectionsContext): Route[] {
  const { who } = context.identity
  return [
    route({
      method: 'GET',
      url: '/api/inspections/mine',
      who: who.anyOf('inspector'),
      summary: 'The cases to inspect with their inspections, for days without a network',
      response: MyInspections,
      handle: ({ request }) => listMine(context, actorOf(request).userId),
    }),
    route({
      method: 'POST',
      url: '/api/inspections/sync',
      who: who.anyOf('inspector'),
      summary: 'Operations of a device, each taken once and answered one by one',
      body: InspectionSync,
      response: SyncAnswer,
      bodyLimitBytes: 1024 * 1024,
      limit: { max: 120, windowS: 60, by: 'user' },
      handle: ({ body, request }) => syncOps(context, body, actorOf(request).userId),
    }),
    route({
      method: 'PUT',
      url: '/api/inspections/photos/:id',
      who: who.anyOf('inspector'),
      summary: 'A photo under the id that the device gave it: image/jpeg, image/png or image/webp, at most 10 MB',
      params: InspectionParams,
      response: StoredPhoto,
      bodyLimitBytes: PHOTO_BYTES_MAX,
      limit: { max: 120, windowS: 60, by: 'user' },
      handle: ({ params, request }) => {
        if (!Buffer.isBuffer(request.body)) throw new Refusal('inspections.photo_needed')
        return storePhoto(context, params.id.toLowerCase(), request.body, actorOf(request).userId)
      },
    }),
  ]
}

/** For the desk and who has to do with a case. */
function caseRoutes(context: InspectionsContext): Route[] {
  const { who } = context.identity
  const { db } = context.platform
  return [
    route({
      method: 'GET',
      url: '/api/relief/cases/:id/inspections',
      who: who.anyOf('relief_desk', 'commissioner', 'inspector'),
      summary: 'The inspections of a case',
      params: IdParams,
      response: InspectionList,
      handle: async ({ params, request }) => {
        const { userId } = actorOf(request)
        const found = await readCase(db, params.id)
        if (found === null) throw new Refusal('relief.case_not_found')
        const { countyCode } = found
        if (!(await context.identity.may(userId, { role: 'relief_desk' }, { role: 'commissioner', countyCode }))) {
          const counties = await inspectedCounties(context, userId)
          if (counties !== null && !counties.includes(countyCode)) throw new Refusal('identity.not_allowed')
        }
        return { items: await readInspections(db, { caseIds: [params.id], counties: null }) }
      },
    }),
    route({
      method: 'POST',
      url: '/api/inspections/:id/effect',
      who: who.anyOf('relief_desk', 'inspector'),
      summary: 'Decide about a signed inspection whose case had gone on',
      params: InspectionParams,
      body: EffectChoice,
      response: Inspection,
      handle: async ({ params, body, request }) => {
        const { userId } = actorOf(request)
        const counties = (await context.identity.may(userId, { role: 'relief_desk' }))
          ? null
          : await inspectedCounties(context, userId)
        const [own] = await readInspections(db, { ids: [params.id], counties })
        if (own === undefined) throw new Refusal('inspections.not_found')
        await settleEffect(context, params.id, body.choice, userId)
        const [inspection] = await readInspections(db, { ids: [params.id], counties })
        if (inspection === undefined) throw new Refusal('inspections.not_found')
        return inspection
      },
    }),
  ]
}

function certificateRoutes(context: InspectionsContext): Route[] {
  const { who } = context.identity
  return [
    route({
      method: 'GET',
      url: '/api/certificates/:number',
      who: who.anyone,
      summary: 'The certificate of conformity of a batch',
      params: CertificateParams,
      response: Certificate,
      handle: ({ params, request }) => readCertificate(context, params.number, request.actor?.userId ?? null),
    }),
    route({
      method: 'GET',
      url: '/api/certificates/:number/print',
      who: who.anyone,
      summary: 'The certificate as a page to print',
      params: CertificateParams,
      handle: async ({ params, request, reply }) => {
        const certificate = await readCertificate(context, params.number, request.actor?.userId ?? null)
        const link = `${context.platform.config.publicUrl}/certificates/${params.number}`
        return reply
          .type('text/html; charset=utf-8')
          .header('content-security-policy', PRINT_POLICY)
          .header('cache-control', 'private, no-store')
          .send(printCertificate(certificate, link))
      },
    }),
  ]
}

/** The slice's table. */
export function inspectionRoutes(context: InspectionsContext): Route[] {
  return [...fieldRoutes(context), ...caseRoutes(context), ...certificateRoutes(context)]
}
