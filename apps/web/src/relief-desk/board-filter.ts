import { RELIEF_STAGES, type ReliefStage } from '@chunbo/contract/relief'

export const SORTS = ['urgency', 'due', 'new'] as const
export type Sort = (typeof SORTS)[number]

/** What the board shows, as it stands in the address. 0 and '' mean any. */
export interface BoardFilter {
  readonly stage: ReliefStage | ''
  readonly province: number
  readonly county: number
  readonly produce: string
  readonly mine: boolean
  readonly overdue: boolean
  readonly listed: boolean
  readonly q: string
  readonly sort: Sort
}

export const NO_FILTER: BoardFilter = {
  stage: '',
  province: 0,
  county: 0,
  produce: '',
  mine: false,
  overdue: false,
  listed: false,
  q: '',
  sort: 'urgency',
}

/** What a query of the address may hold: the router's own type without its arrays taken apart. */
type Query = Readonly<Record<string, unknown>>

const one = (query: Query, name: string): string => {
  const value = query[name]
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : ''
}
const code = (text: string): number => (/^[1-9]\d{5}$/.test(text) ? Number(text) : 0)

/** Reads the filter out of the address; what it does not know counts as not asked for. */
export function readFilter(query: Query): BoardFilter {
  return {
    stage: RELIEF_STAGES.find((stage) => stage === one(query, 'stage')) ?? '',
    province: code(one(query, 'province')),
    county: code(one(query, 'county')),
    produce: /^[a-z0-9-]{1,60}$/.test(one(query, 'produce')) ? one(query, 'produce') : '',
    mine: one(query, 'mine') === '1',
    overdue: one(query, 'overdue') === '1',
    listed: one(query, 'listed') === '1',
    q: one(query, 'q').slice(0, 60).trim(),
    sort: SORTS.find((sort) => sort === one(query, 'sort')) ?? 'urgency',
  }
}

/** The filter as the query of an address, only with what is asked for, so that the plain board has a plain address. */
export function writeFilter(filter: BoardFilter): Record<string, string> {
  const query: Record<string, string> = {}
  if (filter.stage !== '') query.stage = filter.stage
  if (filter.province !== 0) query.province = String(filter.province)
  if (filter.county !== 0) query.county = String(filter.county)
  if (filter.produce !== '') query.produce = filter.produce
  if (filter.mine) query.mine = '1'
  if (filter.overdue) query.overdue = '1'
  if (filter.listed) query.listed = '1'
  if (filter.q !== '') query.q = filter.q
  if (filter.sort !== 'urgency') query.sort = filter.sort
  return query
}

/** How many things narrow the board; the order and the stage are no narrowing. */
export function countNarrowing(filter: BoardFilter): number {
  const { province, county, produce, mine, overdue, listed, q } = filter
  return [province !== 0, county !== 0, produce !== '', mine, overdue, listed, q !== ''].filter(Boolean).length
}
