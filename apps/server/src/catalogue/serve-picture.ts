import { PICTURE_WIDTHS } from '@chunbo/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../platform/problem.ts'
import type { Storage } from '../platform/storage.ts'
import { pictureKey } from './store-picture.ts'

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
const FILES = new Map<string, number>(PICTURE_WIDTHS.map((width) => [`${width}.webp`, width]))

/**
 * Sends one width of a picture. What an id names never changes, so a browser keeps it for a year and the id is its own ETag.
 * @throws Refusal catalogue.picture_not_found
 */
export async function servePicture(
  storage: Storage,
  id: string,
  file: string,
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const { request, reply } = exchange
  const width = FILES.get(file)
  if (width === undefined || !ID.test(id)) throw new Refusal('catalogue.picture_not_found')
  const key = pictureKey(id, width)
  const etag = `"${id}-${width}"`
  const known = (request.headers['if-none-match'] ?? '')
    .split(',')
    .some((tag) => tag.trim().replace(/^W\//, '') === etag)
  if (known && (await storage.size(key)) !== null) {
    return reply.code(304).header('etag', etag).header('cache-control', KEEP).send()
  }
  const found = await storage.stream(key)
  if (!found) throw new Refusal('catalogue.picture_not_found')
  return reply
    .type('image/webp')
    .header('content-length', found.size)
    .header('etag', etag)
    .header('cache-control', KEEP)
    .header('cross-origin-resource-policy', 'same-site')
    .send(found.body)
}

const KEEP = 'public, max-age=31536000, immutable'
