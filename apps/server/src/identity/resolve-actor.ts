import { fastifyCookie } from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import type { Actor } from '../platform/session.ts'
import type { IdentityContext } from './context.ts'
import { PASS_COOKIE, PASS_LIFETIME_MS, signPass } from './session-pass.ts'

/** What a check needs of a request: an HTTP request before its reply, or the upgrade of a socket. */
export interface CookieBearer {
  readonly headers: { readonly cookie?: string | undefined; readonly 'user-agent'?: string | undefined }
}

/** Name of better-auth's session cookie, signed and long-lived. */
export function sessionCookieName(context: IdentityContext): string {
  return context.config.publicUrl.startsWith('https:') ? '__Secure-chunbo.session_token' : 'chunbo.session_token'
}

/** Who holds the pass of a request: the hot way, without the database and without a promise. */
export function actorByPass(context: IdentityContext, cookies: Record<string, string | undefined>): Actor | null {
  const value = cookies[PASS_COOKIE]
  if (value === undefined) return null
  const pass = context.passes.check(value, context.clock.now().getTime())
  return pass ? { userId: pass.userId } : null
}

/** Gives out a new pass for a session, never one that outlives it. */
export function setPassCookie(
  context: IdentityContext,
  reply: FastifyReply,
  session: { userId: number; sessionId: number; expiresAt: Date },
): void {
  const nowMs = context.clock.now().getTime()
  const expiresAtMs = Math.min(nowMs + PASS_LIFETIME_MS, session.expiresAt.getTime())
  const { userId, sessionId } = session
  reply.setCookie(PASS_COOKIE, signPass(context.passKey, { userId, sessionId, expiresAtMs }), {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: context.config.publicUrl.startsWith('https:'),
    maxAge: Math.max(0, Math.floor((expiresAtMs - nowMs) / 1000)),
  })
}

/** Passes better-auth's own Set-Cookie headers on. */
export function forwardCookies(reply: FastifyReply, headers: Headers): void {
  for (const cookie of headers.getSetCookie()) reply.header('set-cookie', cookie)
}

/** The request's headers as better-auth reads them: cookies and the browser's name, nothing else. */
export function authHeaders(request: CookieBearer): Headers {
  const headers = new Headers()
  if (request.headers.cookie) headers.set('cookie', request.headers.cookie)
  if (request.headers['user-agent']) headers.set('user-agent', request.headers['user-agent'])
  return headers
}

/**
 * Who sends a request, by its session in the database; once in five minutes, when the pass is over. With a reply the
 * session is prolonged and a new pass goes out; without one (a socket) nothing is written.
 */
export async function actorBySession(
  context: IdentityContext,
  request: CookieBearer,
  reply: FastifyReply | null,
): Promise<Actor | null> {
  const { headers, response } = await context.engine.api.getSession({
    headers: authHeaders(request),
    returnHeaders: true,
    ...(reply ? {} : { query: { disableRefresh: true } }),
  })
  if (reply) forwardCookies(reply, headers)
  if (!response || (response.user.demo === true && !context.config.demo)) return null
  const userId = Number(response.user.id)
  const { id, expiresAt } = response.session
  if (reply) setPassCookie(context, reply, { userId, sessionId: Number(id), expiresAt })
  return { userId }
}

/** Who opens a socket, by the cookies of its upgrade; null for a stranger. */
export async function resolveActor(context: IdentityContext, request: CookieBearer): Promise<Actor | null> {
  const cookies = fastifyCookie.parse(request.headers.cookie ?? '')
  const actor = actorByPass(context, cookies)
  if (actor) return actor
  return cookies[sessionCookieName(context)] === undefined ? null : actorBySession(context, request, null)
}
