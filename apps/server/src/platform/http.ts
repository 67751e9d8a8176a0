import { randomUUID } from 'node:crypto'
import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import { prepareClose } from './close-http.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import { Histogram, type Metrics } from './metrics.ts'
import { Refusal, sendProblem } from './problem.ts'
import { createSerializerCompilers, createValidatorCompilers } from './schema-compilers.ts'

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/

/** State-changing requests of a browser must come from our own pages: cookies alone prove nothing. */
function isForeign(request: FastifyRequest, ownOrigin: string): boolean {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return false
  const { origin, host } = request.headers
  if (request.headers['sec-fetch-site'] === 'cross-site') return true
  if (origin === undefined || origin === ownOrigin) return false
  return !(URL.canParse(origin) && new URL(origin).host === host)
}

export interface HttpServer {
  readonly app: FastifyInstance
  /** Refuses new requests with 503 and Retry-After; those in flight go on. */
  drain(): void
  /** Refuses new requests, lets those in flight end for at most a second, and ends every connection. */
  close(): Promise<void>
}

const CLOSE_GRACE_MS = 1_000

/** The HTTP application without any route of a slice: ids, logs, problems, limits, /healthz, /metrics, the API document. */
export async function createHttpServer(config: Config, log: Log, metrics: Metrics): Promise<HttpServer> {
  let draining = false
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // One proxy in front: it adds the address it saw at the end. What stands before was written by whoever sent it, and
    // believing that would let a stranger choose the address that limits count.
    trustProxy: config.trustProxy ? (_address: string, hop: number) => hop === 0 : false,
    bodyLimit: 256 * 1024,
    // 10 MB of picture over a village's line of 1 Mbit/s.
    requestTimeout: 120_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 15_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    genReqId: (request) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
    },
  })
  const closeConnections = prepareClose(app, CLOSE_GRACE_MS)
  const drain = () => {
    draining = true
  }
  app.setValidatorCompiler(createValidatorCompilers().atFirstUse)
  app.setSerializerCompiler(createSerializerCompilers().atFirstUse)
  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler((request, reply) => sendProblem(new Refusal('request.not_found'), request, reply))
  app.decorateRequest('actor', null)
  // Our own lines name their request; a logger for each would be a tenth of the work of an order.
  app.setChildLoggerFactory((logger) => logger)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    // These two mean something to a page only.
    if (!request.url.startsWith('/api/')) {
      reply.header('referrer-policy', 'strict-origin-when-cross-origin')
      reply.header('x-frame-options', 'DENY')
    }
    if (draining && request.url !== '/healthz') {
      reply.header('connection', 'close')
      return done(new Refusal('server.closing', {}, { retryAfterS: 2 }))
    }
    done(isForeign(request, config.publicUrl) ? new Refusal('request.foreign_origin') : undefined)
  })
  observe(app, metrics)
  // Pages and lists shrink to a quarter; what is quiet (orders, video) is small or compressed already.
  await app.register(compress, {
    // Nobody sends us compressed bodies, and what 256 KB unfold to nobody knows before.
    globalDecompression: false,
    threshold: 2048,
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  })
  await app.register(cookie)
  await app.register(rateLimit, {
    global: false,
    // Counts live in this process; keyed by address or user as each route says.
    cache: 50_000,
    // Who meets a limit is told when to come back (Retry-After); nobody else needs to hear of it with every answer.
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request, context) =>
      new Refusal('request.too_many', {}, { retryAfterS: Math.ceil(context.ttl / 1000) }),
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Chunbo 春播',
        version: '0.1.0',
        description: 'Open software for selling a harvest live.',
        license: { name: 'Apache-2.0' },
      },
      servers: [{ url: config.publicUrl }],
    },
  })
  const hidden = { schema: { hide: true }, config: { who: 'anyone', quiet: true } }
  app.get('/healthz', hidden, async (_request, reply) =>
    reply.code(draining ? 503 : 200).send({ status: draining ? 'closing' : 'ok' }),
  )
  app.get('/metrics', hidden, async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()))
  app.get('/api/openapi.json', hidden, async () => app.swagger())
  return {
    app,
    drain,
    async close() {
      drain()
      await closeConnections()
    },
  }
}

/** One log line and one histogram sample a request, by route pattern: never the address, the query or the body. */
function observe(app: FastifyInstance, metrics: Metrics): void {
  const seconds = new Histogram({
    name: 'chunbo_http_request_seconds',
    help: 'Time from request to answer by route and status',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  })
  app.addHook('onResponse', (request, reply, done) => {
    done()
    const { url = 'none', config } = request.routeOptions
    seconds.observe({ method: request.method, route: url, status: reply.statusCode }, reply.elapsedTime / 1000)
    if (config?.quiet && reply.statusCode < 400) return
    request.log.info(
      {
        reqId: request.id,
        method: request.method,
        route: url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    )
  })
}
