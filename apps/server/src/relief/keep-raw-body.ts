import { Transform } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const kept = new WeakMap<FastifyRequest, Buffer[]>()

/**
 * Keeps the bytes of the bodies of one route beside what they are parsed to: a signature is over bytes, and what is written
 * anew from the parsed value would be others. Call it before the route is added. The route's limit bounds what is kept.
 */
export function keepRawBody(app: FastifyInstance, url: string): void {
  app.addHook('onRoute', (options) => {
    if (options.url !== url) return
    options.preParsing = (request, _reply, payload, done) => {
      const chunks: Buffer[] = []
      kept.set(request, chunks)
      const tee = Object.assign(
        new Transform({
          transform(chunk: Buffer, _encoding, next) {
            chunks.push(chunk)
            tee.receivedEncodedLength += chunk.length
            next(null, chunk)
          },
        }),
        { receivedEncodedLength: 0 },
      )
      payload.on('error', (error) => tee.destroy(error))
      payload.pipe(tee)
      done(null, tee)
    }
  })
}

/** The bytes of a body of such a route. */
export const rawBodyOf = (request: FastifyRequest): Buffer => Buffer.concat(kept.get(request) ?? [])
