import type { Me } from '@chunbo/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import type { IdentityContext } from './context.ts'
import { normalisePhone } from './phone.ts'
import { authHeaders } from './resolve-actor.ts'
import { openSession, startLocale } from './sign-in.ts'

/**
 * Signs in by the code that was sent to a phone, and signs up who is new.
 * @throws Refusal identity.phone_invalid, identity.code_wrong, identity.code_expired
 */
export async function signInByPhone(
  context: IdentityContext,
  body: { phoneNumber: string; code: string; locale?: 'zh' | 'en' },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Sendable<Me>> {
  const phoneNumber = normalisePhone(body.phoneNumber)
  if (!phoneNumber) throw new Refusal('identity.phone_invalid')
  return openSession(context, reply, () =>
    context.engine.api.verifyPhoneNumber({
      body: { phoneNumber, code: body.code, locale: startLocale(request, body.locale) },
      headers: authHeaders(request),
      returnHeaders: true,
    }),
  )
}
