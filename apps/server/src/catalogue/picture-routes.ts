import { Picture } from '@chunbo/contract'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Refusal } from '../platform/problem.ts'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import type { CatalogueContext } from './context.ts'
import { PICTURE_BYTES_MAX } from './picture.ts'
import { servePicture } from './serve-picture.ts'

/** The one file of an upload, whole. @throws Refusal catalogue.picture_needed, catalogue.picture_too_large */
export async function readUpload(request: FastifyRequest): Promise<{ bytes: Buffer; declaredType: string }> {
  if (!request.isMultipart()) throw new Refusal('catalogue.picture_needed')
  try {
    const file = await request.file()
    if (file?.fieldname !== 'file') throw new Refusal('catalogue.picture_needed')
    return { bytes: await file.toBuffer(), declaredType: file.mimetype }
  } catch (error) {
    const code = (error as { code?: string }).code
    if (code === 'FST_REQ_FILE_TOO_LARGE') throw new Refusal('catalogue.picture_too_large')
    throw error
  }
}

/** Upload and delivery of pictures. */
export function pictureRoutes({ platform, identity, pictures }: CatalogueContext): Route[] {
  return [
    route({
      method: 'POST',
      url: '/api/pictures',
      who: identity.who.anyOf('shop', 'host', 'commissioner', 'merchant', 'relief_desk'),
      summary: 'Upload a picture: multipart/form-data with the field "file", JPEG, PNG or WebP, at most 10 MB',
      response: Picture,
      status: 201,
      upload: { bytesMax: PICTURE_BYTES_MAX },
      handle: async ({ request }) => {
        const { bytes, declaredType } = await readUpload(request)
        return pictures.store(actorOf(request).userId, bytes, declaredType, platform.clock.now())
      },
    }),
    route({
      method: 'GET',
      url: '/api/pictures/:id/:file',
      who: { name: 'anyone', check: () => {} },
      summary: 'A picture as WebP; the file is 400.webp, 800.webp or 1600.webp after its width in pixels',
      params: Type.Object({ id: Type.String({ maxLength: 40 }), file: Type.String({ maxLength: 20 }) }),
      quiet: true,
      handle: ({ params, request, reply }) =>
        servePicture(platform.storage, params.id, params.file, { request, reply }),
    }),
  ]
}
