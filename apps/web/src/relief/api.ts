import type { Produce } from '@chunbo/contract/catalogue'
import type { AlertInput, AlertReceipt } from '@chunbo/contract/relief'
import type { CsvResult, PhoneAlertInput, ReliefTrack } from '@chunbo/contract/relief-intake'
import { read, send } from '../ui/api.ts'
import { ApiError } from '../ui/api-error.ts'

/** Every call of reporting to the server. */

export const loadProduce = async (signal: AbortSignal) =>
  (await read<{ items: Produce[] }>('/api/produce', { signal })).items
export const loadTrack = (token: string, signal: AbortSignal) =>
  read<ReliefTrack>(`/api/relief/track/${token}`, { signal })
export const takeCall = (input: PhoneAlertInput) => send<AlertReceipt>('POST', '/api/relief/alerts/phone', input)

/** Sends a file as it is; the address of the sender makes the rows' keys theirs. */
export async function sendCsv(file: Blob, sender: string): Promise<CsvResult> {
  const path = `/api/relief/alerts/csv?sender=${encodeURIComponent(sender)}`
  return send<CsvResult>('POST', path, new Blob([file], { type: 'text/csv' }), { timeoutMs: 120_000 })
}

const RETRIES_MAX = 6
const FIRST_WAIT_MS = 2_000
const wait = (ms: number) => new Promise((resolve) => window.setTimeout(resolve, ms))

/**
 * Sends a report until it has arrived: a network that fails is tried again with longer waits, and the report's key makes
 * all tries one report. `tell` hears which try is next. Gives up after about two minutes; throws the last ApiError.
 */
export async function sendReport(input: AlertInput, tell: (attempt: number) => void): Promise<AlertReceipt> {
  for (let attempt = 1; ; attempt++) {
    tell(attempt)
    try {
      return await send<AlertReceipt>('POST', '/api/relief/alerts', input)
    } catch (cause) {
      const isPassing =
        cause instanceof ApiError && (cause.kind === 'offline' || cause.kind === 'slow' || cause.status === 503)
      if (!isPassing || attempt > RETRIES_MAX) throw cause
      await wait(Math.max(cause.retryAfterMs, FIRST_WAIT_MS * 2 ** (attempt - 1)))
    }
  }
}
