import { Problem } from '@chunbo/contract'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Static, TObject, TSchema } from 'typebox'
import type { Who } from './session.ts'

export interface RouteLimit {
  /** Requests allowed in the window. */
  readonly max: number
  readonly windowS: number
  /** Whom it counts: the sender's address (default) or the signed-in user. */
  readonly by?: 'address' | 'user'
}

export interface RouteInput<P, Q, B> {
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** What holds for a change whose row says nothing: no person works faster, and no stranger may. */
const CHANGES: RouteLimit = { max: 600, windowS: 60, by: 'user' }

type StaticOr<S, Fallback> = S extends TSchema ? Static<S> : Fallback

/** One row of a slice's table: method, path, who may, shapes, and the command that answers. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Fastify path, e.g. /api/shops/:shopId/lots. */
  readonly url: string
  readonly who: Who
  readonly summary: string
  readonly params?: TObject | undefined
  readonly query?: TObject | undefined
  readonly body?: TSchema | undefined
  readonly headers?: TObject | undefined
  /** Shape of success; absent when the handler sends the reply by itself (files, empty answers). */
  readonly response?: TSchema | undefined
  /** Status of success, 200 unless told. */
  readonly status?: number
  /** Changes have a generous one unless told; reading has none. */
  readonly limit?: RouteLimit
  readonly bodyLimitBytes?: number
  /** For a body of multipart/form-data with one file of so many bytes at most. */
  readonly upload?: { readonly bytesMax: number }
  /** True for the hottest routes: no log line for a success. */
  readonly quiet?: boolean
  handle(input: RouteInput<unknown, unknown, unknown>): unknown
}

interface TypedRoute<
  P extends TObject | undefined,
  Q extends TObject | undefined,
  B extends TSchema | undefined,
  R extends TSchema | undefined,
> extends Omit<Route, 'params' | 'query' | 'body' | 'response' | 'handle'> {
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly response?: R
  // Dates may stand where the schema says date-time text: the serialiser writes them as RFC 3339.
  handle(
    input: RouteInput<StaticOr<P, undefined>, StaticOr<Q, undefined>, StaticOr<B, undefined>>,
  ): Promise<Sendable<StaticOr<R, unknown>>> | Sendable<StaticOr<R, unknown>>
}

/** What a handler may return for a schema: the same shape, with a Date where the schema has text. */
export type Sendable<T> = T extends string
  ? T | Date
  : T extends readonly (infer Item)[]
    ? readonly Sendable<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Sendable<T[Key]> }
      : T

/** Types one row by its schemas. */
export function route<
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TSchema | undefined = undefined,
  R extends TSchema | undefined = undefined,
>(row: TypedRoute<P, Q, B, R>): Route {
  return row as unknown as Route
}

/** What may stand around the file of an upload. */
const UPLOAD_EXTRA_BYTES = 16 * 1024

/** Adds a slice's table to the application. `tag` groups it in the API document. */
export function mountRoutes(app: FastifyInstance, tag: string, routes: readonly Route[]): void {
  for (const row of routes) {
    if (row.upload) mountUpload(app, tag, row, row.upload.bytesMax)
    else app.route(optionsOf(tag, row, row.bodyLimitBytes))
  }
}

/** The reader of multipart bodies hooks into every request of its context, so an upload has a context of its own. */
function mountUpload(app: FastifyInstance, tag: string, row: Route, bytesMax: number): void {
  app.register(async (inner) => {
    await inner.register(multipart, {
      throwFileSizeLimit: true,
      limits: { fileSize: bytesMax, files: 1, fields: 4, parts: 5, fieldSize: 1024, headerPairs: 50 },
    })
    inner.route(optionsOf(tag, row, bytesMax + UPLOAD_EXTRA_BYTES))
  })
}

function optionsOf(tag: string, row: Route, bodyLimit: number | undefined): RouteOptions {
  const limit = row.limit ?? (row.method === 'GET' ? undefined : CHANGES)
  return {
    method: row.method,
    url: row.url,
    ...(row.quiet ? { compress: false } : {}),
    ...(bodyLimit ? { bodyLimit } : {}),
    config: {
      who: row.who.name,
      quiet: row.quiet === true,
      ...(limit ? { rateLimit: toRateLimit(limit) } : {}),
    },
    schema: {
      summary: row.summary,
      description: `Who: ${row.who.name}`,
      tags: [tag],
      ...(row.params ? { params: row.params } : {}),
      ...(row.query ? { querystring: row.query } : {}),
      ...(row.body ? { body: row.body } : {}),
      ...(row.headers ? { headers: row.headers } : {}),
      response: {
        ...(row.response ? { [row.status ?? 200]: row.response } : {}),
        default: {
          description: 'Problem details (RFC 9457)',
          content: { 'application/problem+json': { schema: Problem } },
        },
      },
    },
    // A check that needs no wait takes none: most requests bring a pass that is looked up in memory.
    onRequest: (request, reply, done) => {
      let checked: Promise<void> | void
      try {
        checked = row.who.check(request, reply)
      } catch (error) {
        return done(error as Error)
      }
      if (checked === undefined) return done()
      checked.then(() => done(), done)
    },
    handler: (request, reply) => {
      if (row.status) reply.code(row.status)
      return row.handle({ params: request.params, query: request.query, body: request.body, request, reply })
    },
  }
}

function toRateLimit(limit: RouteLimit) {
  return {
    max: limit.max,
    timeWindow: limit.windowS * 1000,
    hook: 'preValidation' as const,
    keyGenerator: (request: FastifyRequest) =>
      limit.by === 'user' && request.actor ? `user ${request.actor.userId}` : `address ${request.ip}`,
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    who?: string
    quiet?: boolean
  }
}
