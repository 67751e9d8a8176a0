import type { Merchant, MerchantRow, PaperCheck } from '@chunbo/contract/merchants'
import type { AlertContact, MoveInput, ReliefCase, ReliefCaseRow, VerifyInput } from '@chunbo/contract/relief'
import type {
  BulkInput,
  BulkResult,
  CaseEdit,
  CaseHead,
  MeasureGroup,
  ReliefBoard,
  ReliefMeasures,
} from '@chunbo/contract/relief-desk'
import type { DuplicateProposals } from '@chunbo/contract/relief-intake'
import { query, read, send } from '../ui/api.ts'
import type { Page } from '../ui/use-pages.ts'
import type { BoardFilter } from './board-filter.ts'

/** Every call of the relief desk to the server, in one place. */

const flag = (on: boolean) => (on ? 1 : undefined)
const given = <T extends string | number>(value: T) => (value === '' || value === 0 ? undefined : value)

export const loadCases = (filter: BoardFilter, cursor: string | undefined, signal: AbortSignal) =>
  read<Page<ReliefCaseRow>>(
    `/api/relief/cases${query({
      stage: given(filter.stage),
      province: given(filter.province),
      county: given(filter.county),
      produce: given(filter.produce),
      owner: filter.mine ? 'me' : undefined,
      overdue: flag(filter.overdue),
      listed: flag(filter.listed),
      q: given(filter.q),
      sort: filter.sort,
      cursor,
      limit: 100,
    })}`,
    { signal },
  )
export const loadCase = (caseId: number, signal?: AbortSignal) =>
  read<ReliefCase>(`/api/relief/cases/${caseId}`, signal === undefined ? {} : { signal })

const path = (caseId: number, act: string) => `/api/relief/cases/${caseId}/${act}`

export const verifyCase = (caseId: number, input: VerifyInput) => send<CaseHead>('POST', path(caseId, 'verify'), input)
export const moveCase = (caseId: number, input: MoveInput) => send<CaseHead>('POST', path(caseId, 'move'), input)
export const assignCase = (caseId: number, version: number, ownerId: number | null) =>
  send<CaseHead>('POST', path(caseId, 'assign'), { version, ownerId })

export const mergeCase = (caseId: number, input: { version: number; into: number; reason: string }) =>
  send<unknown>('POST', path(caseId, 'merge'), input)
export const splitAlert = (caseId: number, alertId: number, reason: string) =>
  send<unknown>('POST', path(caseId, 'split'), { alertId, reason })
export const dismissDuplicate = (a: number, b: number) =>
  send<unknown>('POST', `/api/relief/duplicates/${Math.min(a, b)}/${Math.max(a, b)}/dismiss`)
/** Every call is written down with its reason, and seen in the log of the case. */
export const lookAtContact = (alertId: number, reason: string) =>
  send<AlertContact>('POST', `/api/relief/alerts/${alertId}/contact`, { reason })

export const actOnCases = (input: BulkInput) =>
  send<{ items: BulkResult[] }>('POST', '/api/relief/cases/bulk', input).then((answer) => answer.items)

export const loadBoard = (signal: AbortSignal) => read<ReliefBoard>('/api/relief/board', { signal })

export const editCase = (caseId: number, edit: CaseEdit) => send<CaseHead>('PATCH', `/api/relief/cases/${caseId}`, edit)

/** Cases that may be the same, the likeliest first, each with what is alike. */
export const loadDuplicates = (caseId: number, signal: AbortSignal) =>
  read<DuplicateProposals>(`/api/relief/cases/${caseId}/duplicates`, { signal }).then((list) => list.items)

export interface MeasuresAsked {
  readonly by: MeasureGroup
  /** YYYY-MM-DD, or '' for the server's own choice. */
  readonly from: string
  readonly to: string
}
const measuresQuery = ({ by, from, to }: MeasuresAsked) => query({ by, from: given(from), to: given(to) })
export const loadMeasures = (asked: MeasuresAsked, signal: AbortSignal) =>
  read<ReliefMeasures>(`/api/relief/measures${measuresQuery(asked)}`, { signal })
export const measuresCsv = (asked: MeasuresAsked) => `/api/relief/measures.csv${measuresQuery(asked)}`

/** Merchants by a part of the name; a desk works with some dozens. */
export const listMerchants = (words: string, signal: AbortSignal) =>
  read<Page<MerchantRow>>(`/api/merchants${query({ q: given(words), limit: 100 })}`, { signal })
export const checkPaper = (merchantId: number, paperId: number, check: PaperCheck) =>
  send<Merchant>('POST', `/api/merchants/${merchantId}/papers/${paperId}/check`, check)
