import type { Certificate, Inspection, MyInspections, SyncAnswer } from '@chunbo/contract/inspections'
import { read, send } from '../ui/api.ts'

export const loadCaseInspections = (caseId: number, signal: AbortSignal) =>
  read<{ items: Inspection[] }>(`/api/relief/cases/${caseId}/inspections`, { signal })
export const decideEffect = (id: string, choice: 'apply' | 'leave') =>
  send<Inspection>('POST', `/api/inspections/${id}/effect`, { choice })
export const loadCertificate = (number: string, signal: AbortSignal) =>
  read<Certificate>(`/api/certificates/${number}`, { signal })
export const loadMine = () => read<MyInspections>('/api/inspections/mine')
export const sendOps = (device: string, ops: readonly object[]) =>
  send<SyncAnswer>('POST', '/api/inspections/sync', { device, ops })

/** The bytes of a photo as they are, under the id that this device gave it. */
export const sendPhoto = (id: string, bytes: Blob) =>
  send<unknown>('PUT', `/api/inspections/photos/${id}`, bytes, { timeoutMs: 180_000 })
