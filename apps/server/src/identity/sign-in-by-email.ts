import type { Me } from '@chunbo/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import { keyedHash } from './auth-secret.ts'
import type { IdentityContext } from './context.ts'
import { normaliseEmail } from './email.ts'
import { resetQuota, takeQuotas } from './quota.ts'
import { authHeaders } from './resolve-actor.ts'
import { openSession } from './sign-in.ts'

/** Wrong passwords for one account, wherever they come from. */
const TRIES_MAX = 10
const TRIES_WINDOW_S = 15 * 60

/**
 * Signs in with email and password. Unknown email and wrong password are one answer and take the same time.
 * @throws Refusal identity.password_wrong, identity.email_invalid, identity.too_many_tries, identity.demo_account
 */
export async function signInByEmail(
  context: IdentityContext,
  body: { email: string; password: string },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Sendable<Me>> {
  const email = normaliseEmail(body.email)
  if (!email) throw new Refusal('identity.email_invalid')
  const key = keyedHash(context.hashKey, `password ${email}`).toString('base64url')
  const quota = { key, max: TRIES_MAX, windowS: TRIES_WINDOW_S }
  const waitS = await takeQuotas(context.db, [quota], context.clock.now())
  if (waitS > 0) throw new Refusal('identity.too_many_tries', { waitS }, { retryAfterS: waitS })
  const me = await openSession(context, reply, () =>
    context.engine.api.signInEmail({
      body: { email, password: body.password },
      headers: authHeaders(request),
      returnHeaders: true,
    }),
  )
  await resetQuota(context.db, key)
  return me
}
