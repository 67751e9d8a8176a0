import type { Me } from '@chunbo/contract'
import { isAPIError } from 'better-auth/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import type { IdentityContext } from './context.ts'
import { readMe } from './queries.ts'
import { forwardCookies, setPassCookie } from './resolve-actor.ts'

/** better-auth's codes that a visitor can meet here, in our words. */
const CODES: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: 'identity.password_wrong',
  INVALID_EMAIL: 'identity.email_invalid',
  // The only field that better-auth checks and our schemas do not.
  VALIDATION_ERROR: 'identity.email_invalid',
  USER_ALREADY_EXISTS: 'identity.email_taken',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'identity.email_taken',
  // Of two sign-ups with one email at the same time, the second fails on the unique column.
  FAILED_TO_CREATE_USER: 'identity.email_taken',
  PASSWORD_TOO_SHORT: 'request.invalid',
  PASSWORD_TOO_LONG: 'request.invalid',
  DEMO_ACCOUNT: 'identity.demo_account',
}

function toRefusal(error: unknown): unknown {
  if (!isAPIError(error)) return error
  const code = CODES[error.body?.code ?? '']
  return code ? new Refusal(code) : error
}

/** What better-auth answers to a sign-in: the new session's token, beside the cookies in the headers. */
export interface Opened {
  readonly headers: Headers
  readonly response: { readonly token?: string | null } | null
}

/**
 * Runs a sign-in of better-auth and answers it: its cookies, a first pass, and who is signed in now.
 * @throws Refusal of this slice for each refusal of better-auth
 */
export async function openSession(
  context: IdentityContext,
  reply: FastifyReply,
  signIn: () => Promise<Opened>,
): Promise<Sendable<Me>> {
  const opened = await signIn().catch((error: unknown) => {
    throw toRefusal(error)
  })
  const session = first(
    await context.db.query<{ userId: number; sessionId: number; expiresAt: Date }>(
      'select user_id as "userId", id as "sessionId", expires_at as "expiresAt" from sessions where token = $1',
      [opened.response?.token ?? ''],
    ),
  )
  if (!session) throw new Error('better-auth opened no session')
  forwardCookies(reply, opened.headers)
  setPassCookie(context, reply, session)
  return readMe(context, session.userId)
}

/** The language to begin with: as asked for, else as the browser says, else Chinese. */
export function startLocale(request: FastifyRequest, asked: 'zh' | 'en' | undefined): 'zh' | 'en' {
  if (asked) return asked
  return /^en\b/i.test(request.headers['accept-language'] ?? '') ? 'en' : 'zh'
}
