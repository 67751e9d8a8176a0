import type { RecordingLogLine, RecordingRow, RecordingRule, RecordingStore } from '@chunbo/contract/recordings'
import { query, read, send } from '../../ui/api.ts'
import type { Page } from '../../ui/use-pages.ts'

/** Every call of the page of recordings. */
export const loadStore = (signal: AbortSignal) => read<RecordingStore>('/api/recordings/store', { signal })
export const loadRules = (signal: AbortSignal) =>
  read<{ items: RecordingRule[] }>('/api/recordings/rules', { signal }).then(({ items }) => items)
export const setRule = (kind: RecordingRule['kind'], keepDays: number) =>
  send<unknown>('PUT', `/api/recordings/rules/${kind}`, { keepDays })
export const loadRecordings = (held: boolean, cursor: string | undefined, signal: AbortSignal) =>
  read<Page<RecordingRow>>(`/api/recordings${query({ ...(held ? { held: 'true' } : {}), cursor })}`, { signal })
export const placeHold = (roomId: number, reason: string) =>
  send<unknown>('POST', `/api/recordings/${roomId}/holds`, { reason })
export const liftHold = (holdId: number, reason: string) =>
  send<unknown>('POST', `/api/recordings/holds/${holdId}/lift`, { reason })
export const loadLog = (cursor: string | undefined, signal: AbortSignal) =>
  read<Page<RecordingLogLine>>(`/api/recordings/log${query({ cursor })}`, { signal })
