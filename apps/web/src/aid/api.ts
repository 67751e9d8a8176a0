import type {
  AidDocumentInput,
  AidList,
  AidPage,
  AidTaskEdit,
  AidTaskKind,
  CaseTasks,
  FastTrack,
  FastTrackDraft,
  FreightInput,
} from '@chunbo/contract/aid'
import { read, send } from '../ui/api.ts'

/** Every call of the aid pages, the checklist and the fast track to the server. */

export const loadAid = (signal: AbortSignal) => read<AidList>('/api/aid', { signal })
export const loadAidCase = (caseId: number, signal: AbortSignal) => read<AidPage>(`/api/aid/${caseId}`, { signal })

const ofCase = (caseId: number, rest: string) => `/api/relief/cases/${caseId}/${rest}`

export const loadTasks = (caseId: number, signal: AbortSignal) => read<CaseTasks>(ofCase(caseId, 'tasks'), { signal })
export const changeTask = (caseId: number, kind: AidTaskKind, edit: AidTaskEdit) =>
  send<CaseTasks>('PUT', ofCase(caseId, `tasks/${kind}`), edit)
export const putDocument = (caseId: number, kind: AidTaskKind, input: AidDocumentInput) =>
  send<CaseTasks>('POST', ofCase(caseId, `tasks/${kind}/documents`), input)
export const dropDocument = (caseId: number, documentId: number) =>
  send<CaseTasks>('DELETE', ofCase(caseId, `documents/${documentId}`))
export const putFreight = (caseId: number, input: FreightInput) =>
  send<CaseTasks>('PUT', ofCase(caseId, 'freight'), input)

export const loadFastTrack = (caseId: number, signal: AbortSignal) =>
  read<FastTrack>(ofCase(caseId, 'fast-track'), { signal })
export const keepFastTrack = (caseId: number, version: number, draft: FastTrackDraft) =>
  send<FastTrack>('PUT', ofCase(caseId, 'fast-track'), { version, draft })
export const publishFastTrack = (caseId: number, version: number) =>
  send<FastTrack>('POST', ofCase(caseId, 'fast-track/publish'), { version })
