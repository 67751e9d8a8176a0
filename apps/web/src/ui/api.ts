import type { Problem } from '@chunbo/contract/problem'
import { locale } from '../i18n/index.ts'
import { ApiError, type ErrorKind } from './api-error.ts'
import { takeFirstData } from './first-data.ts'

/**
 * The one way to the server. Every refusal comes back as an ApiError with its text in both languages; a request never waits for ever;
 * a body that comes back is trusted to be of the contract's type, since both sides are built from it.
 */
export interface CallOptions {
  /** Sent as Idempotency-Key: the same key again is answered again and done once. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

const READ_TIMEOUT_MS = 15_000
const WRITE_TIMEOUT_MS = 25_000

type SignedOutListener = () => void
let onSignedOut: SignedOutListener = () => {}
/** The session store listens here, so that a sign-in that has ended is seen at once on every page. */
export function listenSignedOut(listener: SignedOutListener): void {
  onSignedOut = listener
}

function kindOf(status: number, code: string | undefined): ErrorKind {
  // A wrong password is a 401 too, but it is a refusal of what was typed.
  if (status === 401) return code === 'identity.password_wrong' ? 'refused' : 'signed_out'
  if (status === 503 || status === 429) return 'busy'
  return status >= 500 ? 'failed' : 'refused'
}

async function toProblem(response: Response): Promise<ApiError> {
  const body: Partial<Problem> = await response.json().catch(() => ({}))
  const retryAfterS = Number(response.headers.get('retry-after') ?? '')
  const retryAfterMs = Number.isFinite(retryAfterS) ? Math.min(60, Math.max(0, retryAfterS)) * 1000 : 0
  const error = new ApiError(kindOf(response.status, body.code), response.status, body, retryAfterMs)
  if (error.kind === 'signed_out') onSignedOut()
  return error
}

async function call<T>(method: string, path: string, body: unknown, options: CallOptions): Promise<T> {
  const timeoutMs = options.timeoutMs ?? (method === 'GET' ? READ_TIMEOUT_MS : WRITE_TIMEOUT_MS)
  const limit = AbortSignal.timeout(timeoutMs)
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal])
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': locale.value }
  const isForm = body instanceof FormData || body instanceof Blob
  if (body !== undefined && !isForm) headers['content-type'] = 'application/json'
  if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey
  let response: Response
  try {
    const sent = body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }
    response = await fetch(path, { method, headers, signal, credentials: 'same-origin', ...sent })
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause
    throw new ApiError(limit.aborted ? 'slow' : 'offline')
  }
  if (!response.ok) throw await toProblem(response)
  if (response.status === 204) return undefined as T
  try {
    return (await response.json()) as T
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause
    throw new ApiError(limit.aborted ? 'slow' : 'failed', response.status)
  }
}

/** Reads `path`. What the server has put into the page is used instead, once. */
export async function read<T>(path: string, options: CallOptions = {}): Promise<T> {
  const first = takeFirstData(path)
  return first === undefined ? call<T>('GET', path, undefined, options) : (first as T)
}

/** Does something on the server. A FormData or Blob body goes as it is, anything else as JSON. */
export function send<T>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  options: CallOptions = {},
): Promise<T> {
  return call<T>(method, path, body, options)
}

/** A query string from what is known: undefined is left out. `{a: 1, b: undefined}` -> "?a=1". */
export function query(params: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== undefined) search.set(name, String(value))
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}
