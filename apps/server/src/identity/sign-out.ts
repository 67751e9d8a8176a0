import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IdentityContext } from './context.ts'
import { authHeaders, forwardCookies } from './resolve-actor.ts'
import { openPass, PASS_COOKIE } from './session-pass.ts'

/** Ends the session of a request. A pass that somebody copied stops at once on this node, elsewhere with its five minutes. */
export async function signOut(context: IdentityContext, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const pass = openPass(context.passKey, request.cookies[PASS_COOKIE] ?? '')
  if (pass && pass.sessionId > 0) {
    context.passes.end(pass.sessionId, context.clock.now().getTime())
    await context.db.query('delete from sessions where id = $1 and user_id = $2', [pass.sessionId, pass.userId])
  }
  const { headers } = await context.engine.api.signOut({ headers: authHeaders(request), returnHeaders: true })
  forwardCookies(reply, headers)
  reply.clearCookie(PASS_COOKIE, { path: '/' })
}
