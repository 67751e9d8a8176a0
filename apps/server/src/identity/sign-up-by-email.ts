import type { Me } from '@chunbo/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import type { IdentityContext } from './context.ts'
import { normaliseEmail } from './email.ts'
import { authHeaders } from './resolve-actor.ts'
import { openSession, startLocale } from './sign-in.ts'

/**
 * Makes an account with email and password and signs in.
 * @throws Refusal identity.email_taken, identity.email_invalid
 */
export async function signUpByEmail(
  context: IdentityContext,
  body: { name: string; email: string; password: string; locale?: 'zh' | 'en' },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Sendable<Me>> {
  const name = body.name.trim()
  if (name === '') throw new Refusal('request.invalid', {}, { fields: [{ path: 'body/name', message: 'is empty' }] })
  const email = normaliseEmail(body.email)
  if (!email) throw new Refusal('identity.email_invalid')
  return openSession(context, reply, () =>
    context.engine.api.signUpEmail({
      body: { name, email, password: body.password, locale: startLocale(request, body.locale) },
      headers: authHeaders(request),
      returnHeaders: true,
    }),
  )
}
