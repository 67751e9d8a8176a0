import type { Problem } from '@chunbo/contract'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

/** One error code: its HTTP status and what it says in both languages. `{name}` in a text is filled from the params. */
export interface ErrorEntry {
  readonly status: number
  readonly zh: string
  readonly en: string
}
export type ErrorTable = Readonly<Record<string, ErrorEntry>>

const registry = new Map<string, ErrorEntry>()

/** Registers a slice's codes. A code that is taken is a bug and throws. The same table may be registered again. */
export function registerErrors(table: ErrorTable): void {
  for (const [code, entry] of Object.entries(table)) {
    const known = registry.get(code)
    if (known && known !== entry) throw new Error(`error code registered twice: ${code}`)
    registry.set(code, entry)
  }
}

/** All registered codes, for the docs and the test that holds them together. */
export function listErrors(): [code: string, entry: ErrorEntry][] {
  return [...registry].sort(([a], [b]) => (a < b ? -1 : 1))
}

export interface RefusalExtras {
  /** Sent as Retry-After. */
  readonly retryAfterS?: number
  readonly fields?: { path: string; message: string }[]
}

/** A request that is understood and not carried out. `code` must be registered; `params` are shown to the client. */
export class Refusal extends Error {
  readonly code: string
  readonly params: Record<string, unknown>
  readonly extras: RefusalExtras

  constructor(code: string, params: Record<string, unknown> = {}, extras: RefusalExtras = {}) {
    super(code)
    this.name = 'Refusal'
    this.code = code
    this.params = params
    this.extras = extras
  }
}

export const platformErrors = {
  'request.invalid': {
    status: 400,
    zh: '提交的内容不符合要求，请检查后再试',
    en: 'What was sent does not fit; check the marked fields and try again',
  },
  'request.malformed': { status: 400, zh: '提交的内容无法读懂', en: 'What was sent could not be read' },
  'request.too_large': { status: 413, zh: '提交的内容太大', en: 'What was sent is too large' },
  'request.unsupported_media_type': { status: 415, zh: '不支持这种内容格式', en: 'This content type is not supported' },
  'request.not_found': { status: 404, zh: '没有这个地址', en: 'There is nothing at this address' },
  'request.method_not_allowed': {
    status: 405,
    zh: '这个地址不支持这种操作',
    en: 'This address does not support that method',
  },
  'request.too_many': { status: 429, zh: '操作太频繁，请稍后再试', en: 'Too many requests; try again in a moment' },
  'request.timeout': { status: 408, zh: '请求用时太久，请重试', en: 'The request took too long; try again' },
  'request.foreign_origin': {
    status: 403,
    zh: '请求来自其他网站，已拒绝',
    en: 'The request came from another site and was refused',
  },
  'server.closing': {
    status: 503,
    zh: '服务正在重启，请稍后再试，数据没有丢失',
    en: 'The service is restarting; try again shortly, nothing is lost',
  },
  'server.database_away': {
    status: 503,
    zh: '服务暂时不可用，请稍后再试',
    en: 'The service is briefly unavailable; try again shortly',
  },
  'server.failed': {
    status: 500,
    zh: '服务出错了，已记录，请稍后再试',
    en: 'Something went wrong on our side; it was recorded, try again later',
  },
} satisfies ErrorTable
registerErrors(platformErrors)

/**
 * SQLSTATE classes and Node codes that mean the database is away, full or undid the work because of others: the request is
 * right and may be sent again. ENOENT with a `connect` call is a server on a socket file that is not there just now.
 */
const DATABASE_AWAY = /^(08...|57P0[1-5]|53...|40001|40P01|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/
/** node-postgres says these without a code when a connection breaks under a query. */
const CONNECTION_BROKE =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/
/** Values that fit their schema and no column: U+0000 in a text, a number or a date beyond what PostgreSQL has. */
const UNSTORABLE_VALUE = /^(22021|22P05|22003|22007|22008)$/

/** A library may have wrapped what the database said; deeper than this nothing of ours is. */
const CAUSES_MAX = 4

function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > CAUSES_MAX) return false
  const code = 'code' in error ? String(error.code) : ''
  const noSocketFile = code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect'
  if (noSocketFile || DATABASE_AWAY.test(code) || CONNECTION_BROKE.test(error.message)) return true
  return isDatabaseAway(error.cause, depth + 1)
}

function toRefusal(error: FastifyError | Refusal | Error): Refusal {
  if (error instanceof Refusal) return error
  const code = 'code' in error ? String(error.code) : ''
  if ('validation' in error && error.validation) {
    const fields = error.validation.slice(0, 20).map((item) => ({
      path: `${error.validationContext ?? 'body'}${item.instancePath}`,
      message: item.message ?? '',
    }))
    return new Refusal('request.invalid', {}, { fields })
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || code === 'FST_REQ_FILE_TOO_LARGE')
    return new Refusal('request.too_large')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Refusal('request.unsupported_media_type')
  if (isDatabaseAway(error)) return new Refusal('server.database_away', {}, { retryAfterS: 2 })
  if (UNSTORABLE_VALUE.test(code)) return new Refusal('request.invalid')
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status === 429) return new Refusal('request.too_many', {}, { retryAfterS: 10 })
  if (status !== undefined && status >= 400 && status < 500) return new Refusal('request.malformed')
  return new Refusal('server.failed')
}

function fill(text: string, params: Record<string, unknown>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole))
}

/** Whether the reader prefers English; Chinese comes first. */
export function prefersEnglish(acceptLanguage: string | undefined): boolean {
  return /^en\b/i.test((acceptLanguage ?? '').trim())
}

/** The problem document of a refusal. */
export function describeProblem(refusal: Refusal, requestId: string, acceptLanguage?: string): Problem {
  const entry = registry.get(refusal.code)
  if (!entry) throw new Error(`unregistered error code: ${refusal.code}`)
  const texts = { zh: fill(entry.zh, refusal.params), en: fill(entry.en, refusal.params) }
  return {
    type: `/docs/errors#${refusal.code}`,
    title: prefersEnglish(acceptLanguage) ? texts.en : texts.zh,
    status: entry.status,
    code: refusal.code,
    texts,
    ...(Object.keys(refusal.params).length > 0 ? { params: refusal.params } : {}),
    ...(refusal.extras.fields ? { fields: refusal.extras.fields } : {}),
    requestId,
  }
}

/** Fastify's one error handler: everything that was thrown leaves as application/problem+json. */
export function sendProblem(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toRefusal(error)
  const problem = describeProblem(refusal, request.id, request.headers['accept-language'])
  // A refusal with a 5xx status (busy, closing, no sender) and a database that is away, in which case every request comes
  // here, need no stack; anything else is a bug.
  if (refusal.code === 'server.database_away')
    request.log.warn({ reqId: request.id, code: problem.code, reason: error.message }, 'request refused')
  else if (!(error instanceof Refusal) && problem.status >= 500)
    request.log.error({ reqId: request.id, err: error, code: problem.code }, 'request failed')
  else if (problem.status >= 500) request.log.warn({ reqId: request.id, code: problem.code }, 'request refused')
  if (refusal.extras.retryAfterS !== undefined) reply.header('retry-after', refusal.extras.retryAfterS)
  // serializer() keeps the route's response schema, which is for success, away from the problem.
  return reply
    .code(problem.status)
    .type('application/problem+json; charset=utf-8')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem)
}
