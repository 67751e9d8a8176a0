import type { Problem } from '@chunbo/contract/problem'
import { locale, texts } from '../i18n/index.ts'

/**
 * What went wrong with a request, as the page has to deal with it: `offline` (no answer at all), `slow` (no answer in time), `busy`
 * (503 or 429: the same again after retryAfterMs is right), `signed_out` (401), `refused` (the server said why), `failed` (its fault).
 */
export type ErrorKind = 'offline' | 'slow' | 'busy' | 'signed_out' | 'refused' | 'failed'

export class ApiError extends Error {
  readonly kind: ErrorKind
  readonly status: number
  /** Code of the problem document, or '' when none came. */
  readonly code: string
  readonly texts: { zh: string; en: string } | null
  readonly params: Record<string, unknown>
  readonly fields: { path: string; message: string }[]
  readonly retryAfterMs: number
  readonly requestId: string

  constructor(kind: ErrorKind, status = 0, problem: Partial<Problem> = {}, retryAfterMs = 0) {
    super(problem.code ?? kind)
    this.name = 'ApiError'
    this.kind = kind
    this.status = status
    this.code = problem.code ?? ''
    this.texts = problem.texts ?? null
    this.params = problem.params ?? {}
    this.fields = problem.fields ?? []
    this.retryAfterMs = retryAfterMs
    this.requestId = problem.requestId ?? ''
  }
}

const t = texts({
  offline: [
    '网络没连上，页面上的内容都还在。连上后再试一次',
    'No connection. What is on this page is kept; try again when you are back online',
  ],
  slow: ['网络有点慢，还没等到回应，请再试一次', 'The network is slow and no answer came; please try again'],
  busy: ['现在人太多了，请稍等一下再试', 'Very busy right now; please try again in a moment'],
  signed_out: [
    '登录已过期，请重新登录，你填的内容都留着',
    'Your sign-in has ended. Please sign in again; what you entered is kept',
  ],
  refused: ['这次没有办成，请检查后再试', 'That did not go through; please check and try again'],
  failed: ['我们这边出了点问题，请稍后再试', 'Something went wrong on our side; please try again later'],
})

/** What to tell the reader, in the reader's language. */
export function describeError(error: unknown): string {
  if (!(error instanceof ApiError)) return t('failed')
  if (error.texts !== null && error.kind !== 'signed_out') return error.texts[locale.value]
  return t(error.kind)
}

/** Brings whatever was thrown into one shape. */
export function toApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError('failed')
}
