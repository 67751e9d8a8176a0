import type { Role } from '@chunbo/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../platform/problem.ts'
import type { Actor, Who } from '../platform/session.ts'
import type { IdentityContext } from './context.ts'
import { allows, type Need } from './grant.ts'
import { actorByPass, actorBySession, sessionCookieName } from './resolve-actor.ts'
import { PASS_COOKIE } from './session-pass.ts'

/** The rules that route tables use. An operator passes every rule that asks for a role. */
export interface WhoRules {
  /** Everybody; request.actor is set for who is signed in. */
  readonly anyone: Who
  /** Everybody who is signed in: the buyers. */
  readonly signedIn: Who
  readonly operatorOnly: Who
  /** Holders of one of the roles, whatever county or shop it is for. The command checks the scope. */
  anyOf(...roles: readonly Role[]): Who
  /** Staff of the shop that the path names by this parameter (shopId unless told). */
  shopStaff(parameter?: string): Who
  /** The host team of the county that the path names by this parameter (code unless told). */
  countyHost(parameter?: string): Who
  /** The commissioner of the county that the path names by this parameter (code unless told). */
  countyCommissioner(parameter?: string): Who
}

async function identify(context: IdentityContext, request: FastifyRequest, reply: FastifyReply): Promise<Actor | null> {
  if (request.cookies[sessionCookieName(context)] === undefined) return null
  return actorBySession(context, request, reply)
}

function refuseStranger(context: IdentityContext, request: FastifyRequest): Refusal {
  const hadOne = PASS_COOKIE in request.cookies || sessionCookieName(context) in request.cookies
  return new Refusal(hadOne ? 'identity.session_expired' : 'identity.sign_in_needed')
}

/** Throws identity.not_allowed unless the user holds one of the needs now. */
export async function requireOneOf(context: IdentityContext, userId: number, needs: readonly Need[]): Promise<void> {
  const grants = await context.grants.of(userId)
  if (!allows(grants, needs, context.clock.now())) throw new Refusal('identity.not_allowed')
}

function numberParameter(request: FastifyRequest, name: string): number {
  const value = Number((request.params as Record<string, string>)[name])
  // Params are validated after the rule; what is no number belongs to nobody.
  return Number.isSafeInteger(value) ? value : -1
}

export function createWhoRules(context: IdentityContext): WhoRules {
  // The hot way returns without a promise; only a session without a valid pass goes to the database.
  function signIn(request: FastifyRequest, reply: FastifyReply): Promise<void> | void {
    request.actor = actorByPass(context, request.cookies)
    if (request.actor) return
    return identify(context, request, reply).then((actor) => {
      if (!actor) throw refuseStranger(context, request)
      request.actor = actor
    })
  }
  function holderOf(name: string, needs: (request: FastifyRequest) => readonly Need[]): Who {
    return {
      name,
      async check(request, reply) {
        await signIn(request, reply)
        if (request.actor) await requireOneOf(context, request.actor.userId, needs(request))
      },
    }
  }
  return {
    anyone: {
      name: 'anyone',
      check(request, reply) {
        request.actor = actorByPass(context, request.cookies)
        if (request.actor) return
        return identify(context, request, reply).then((actor) => {
          request.actor = actor
        })
      },
    },
    signedIn: { name: 'signed in', check: signIn },
    operatorOnly: holderOf('operator', () => [{ role: 'operator' }]),
    anyOf: (...roles) => holderOf(roles.join(' or '), () => roles.map((role) => ({ role }))),
    shopStaff: (parameter = 'shopId') =>
      holderOf('staff of the shop', (request) => [{ role: 'shop', shopId: numberParameter(request, parameter) }]),
    countyHost: (parameter = 'code') =>
      holderOf('host team of the county', (request) => [
        { role: 'host', countyCode: numberParameter(request, parameter) },
      ]),
    countyCommissioner: (parameter = 'code') =>
      holderOf('commissioner of the county', (request) => [
        { role: 'commissioner', countyCode: numberParameter(request, parameter) },
      ]),
  }
}
