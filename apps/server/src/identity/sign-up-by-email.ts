import type { Me } from '@chunbo/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../platform/problem.ts'
import type { Sendable } from '../platform/routes.ts'
import type { IdentityContext } from './context.ts'
import { normaliseEmail } from './email.ts'
import { readPersonName } from './person-name.ts'
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
  const name = readPersonName(body.name)
  const email = normaliseEmail(body.email)
  if (!email) throw new Refusal('identity.email_invalid')
  const opened = openSession(context, reply, () =>
    context.engine.api.signUpEmail({
      body: { name, email, password: body.password, locale: startLocale(request, body.locale) },
      headers: authHeaders(request),
      returnHeaders: true,
    }),
  )
  return opened.catch(async (error: unknown) => {
    // better-auth has one word for an email that was taken this very moment and for a database that broke off.
    const saysTaken = error instanceof Refusal && error.code === 'identity.email_taken'
    if (!saysTaken || (await isTaken(context, email))) throw error
    throw new Refusal('server.database_away', {}, { retryAfterS: 2 })
  })
}

async function isTaken({ db }: IdentityContext, email: string): Promise<boolean> {
  return (await db.query('select from users where email = $1', [email])).length > 0
}
