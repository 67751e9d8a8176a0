import type { IncomingMessage } from 'node:http'

/** A browser says which page opens a socket, and cookies come along whoever it is; so only our own pages may. */
export function isForeign(request: IncomingMessage, publicUrl: string): boolean {
  const { origin, host } = request.headers
  if (origin === undefined || origin === publicUrl) return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}

/** The client's address as Fastify sees it for HTTP: the last forwarded one, which the proxy itself wrote, if it is believed. */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined
  const last = String(forwarded ?? '')
    .split(',')
    .at(-1)
    ?.trim()
  return last || (request.socket.remoteAddress ?? '')
}
