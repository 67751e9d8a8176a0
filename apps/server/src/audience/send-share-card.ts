import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AudienceContext } from './context.ts'
import type { ShareBook } from './share-book.ts'

/** A shared link is opened by many at once; the card may be this old for them. */
const PUBLIC_CACHE = 'public, max-age=300'

/** Sends the card of a room, or that it is still the one that the browser has. @throws Refusal live.room_not_found, audience.share_busy */
export async function sendShareCard(
  { platform, live, spelledPlace }: Pick<AudienceContext, 'platform' | 'live' | 'spelledPlace'>,
  shares: ShareBook,
  roomId: number,
  locale: 'zh' | 'en',
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const room = await live.cardOf(roomId)
  const card = await shares.card({ room, locale, spelledPlace, link: `${platform.config.publicUrl}/rooms/${roomId}` })
  const etag = `"${card.etag}"`
  reply.header('etag', etag).header('cache-control', room.practice ? 'private, no-store' : PUBLIC_CACHE)
  const known = (request.headers['if-none-match'] ?? '')
    .split(',')
    .some((tag) => tag.trim().replace(/^W\//, '') === etag)
  if (known) return reply.code(304).send()
  return reply.type('image/png').header('content-length', card.png.length).send(card.png)
}
