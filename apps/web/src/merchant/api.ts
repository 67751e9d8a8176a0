import type {
  Merchant,
  MerchantEdit,
  MerchantInput,
  MerchantPrice,
  MerchantRow,
  PaperInput,
} from '@chunbo/contract/merchants'
import type { CaseMatch, MatchRun, Offer, OverruleInput } from '@chunbo/contract/offers'
import { query, read, send } from '../ui/api.ts'
import type { Page } from '../ui/use-pages.ts'

/** Every call about merchants and offers to the server, in one place. */

export const loadMyMerchants = (signal: AbortSignal) => read<Page<MerchantRow>>('/api/my/merchants', { signal })
export const loadMerchant = (id: number, signal: AbortSignal) => read<Merchant>(`/api/merchants/${id}`, { signal })
export const createMerchant = (input: MerchantInput) => send<Merchant>('POST', '/api/merchants', input)
export const changeMerchant = (id: number, edit: MerchantEdit) => send<Merchant>('PUT', `/api/merchants/${id}`, edit)
export const savePrices = (id: number, prices: MerchantPrice[]) =>
  send<Merchant>('PUT', `/api/merchants/${id}/prices`, { prices })
export const addPaper = (id: number, paper: PaperInput) => send<Merchant>('POST', `/api/merchants/${id}/papers`, paper)
export const findMerchants = (q: string, signal: AbortSignal) =>
  read<Page<MerchantRow>>(`/api/merchants${query({ q: q === '' ? undefined : q, limit: 20 })}`, { signal })

export const loadOffers = (merchantId: number, show: 'open' | 'under_way' | 'all', signal: AbortSignal) =>
  read<Page<Offer>>(`/api/merchants/${merchantId}/offers${query({ show, limit: 50 })}`, { signal })
export const acceptOffer = (id: number, grams: number) => send<Offer>('POST', `/api/offers/${id}/accept`, { grams })
export const endOffer = (id: number, how: 'decline' | 'withdraw' | 'cancel', reason: string) =>
  send<Offer>('POST', `/api/offers/${id}/${how}`, { reason })

export const loadCaseMatch = (caseId: number, signal: AbortSignal) =>
  read<CaseMatch>(`/api/relief/cases/${caseId}/match`, { signal })
export const loadCaseOffers = (caseId: number, signal: AbortSignal) =>
  read<{ items: Offer[] }>(`/api/relief/cases/${caseId}/offers`, { signal })
/** The solver has seconds of its own. */
export const runMatch = () => send<MatchRun>('POST', '/api/relief/match', undefined, { timeoutMs: 60_000 })
export const overrule = (caseId: number, input: OverruleInput) =>
  send<Offer>('POST', `/api/relief/cases/${caseId}/offers`, input)
