import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Refusal } from '../platform/problem.ts'
import type { Who } from '../platform/session.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/**
 * What a request brings: `?token=` for SRS, whose callbacks have nothing but an address; a bearer token or the password of Basic
 * authorisation for MediaMTX and its hooks.
 */
function givenSecret(request: FastifyRequest): string | null {
  const { authorization } = request.headers
  if (authorization?.startsWith('Bearer ')) return authorization.slice('Bearer '.length)
  if (authorization?.startsWith('Basic ')) {
    const pair = Buffer.from(authorization.slice('Basic '.length), 'base64').toString('utf8')
    return pair.slice(pair.indexOf(':') + 1)
  }
  return new URL(request.url, 'http://callback').searchParams.get('token')
}

/**
 * The rule for callbacks of the media cluster. Digests are compared, each to its end, so that neither length nor time tells how much of a
 * guess is right; during a change the old secret holds beside the new one. `session` comes first: who is signed in and guesses is
 * refused as such.
 */
export function clusterRule(secrets: readonly string[], signedIn: Who): Who {
  const wanted = secrets.map(digest)
  return {
    name: 'the media cluster, by its secret',
    async check(request, reply) {
      const given = digest(givenSecret(request) ?? '')
      const fits = wanted.map((secret) => timingSafeEqual(secret, given))
      if (fits.includes(true)) return
      await signedIn.check(request, reply)
      throw new Refusal('live.cluster_secret_wrong')
    },
  }
}
