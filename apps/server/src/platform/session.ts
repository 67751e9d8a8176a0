import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from './problem.ts'

/** Who sends a request. What they may do is the business of the slice that knows roles. */
export interface Actor {
  readonly userId: number
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the route's Who rule; null for a stranger. */
    actor: Actor | null
  }
}

/** A rule of a route: who may use it. `name` is what tables and documents show. */
export interface Who {
  readonly name: string
  /**
   * Lets the request pass or throws a Refusal (401 or 403); sets request.actor when somebody is signed in.
   * Runs before the body is validated, so it may look at params only. The reply is for renewing a cookie, nothing else.
   */
  check(request: FastifyRequest, reply: FastifyReply): Promise<void> | void
}

/** The actor of a route whose rule let only signed-in people in. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new Refusal('identity.sign_in_needed')
  return request.actor
}
