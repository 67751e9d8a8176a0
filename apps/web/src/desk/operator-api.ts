import type { Role } from '@chunbo/contract/identity'
import type { Shop, ShopInput } from '@chunbo/contract/shops'
import { query, read, send } from '../ui/api.ts'
import type { Page } from '../ui/use-pages.ts'

/** Whom a grant goes to; phone and email are masked by the server. */
export interface Person {
  userId: number
  name: string
  phone: string | null
  email: string | null
}
export interface GrantOfPerson {
  id: number
  role: Role
  countyCode: number | null
  shopId: number | null
  validFrom: string
  validUntil: string | null
  revokedAt: string | null
}
export interface NewGrant {
  userId: number
  role: Role
  countyCode?: number
  shopId?: number
  validUntil?: string
}

export const findPeople = (by: { phone: string } | { email: string }) =>
  read<{ items: Person[] }>(`/api/users${query({ ...by })}`).then((list) => list.items)
export const loadGrants = (userId: number, signal: AbortSignal) =>
  read<Page<GrantOfPerson>>(`/api/grants${query({ userId, limit: 100 })}`, { signal }).then((page) => page.items)
export const giveGrant = (grant: NewGrant) => send<unknown>('POST', '/api/grants', grant)
export const endGrant = (grantId: number) => send<unknown>('DELETE', `/api/grants/${grantId}`)

export const loadShops = (cursor: string | undefined, signal: AbortSignal) =>
  read<Page<Shop>>(`/api/shops${query({ cursor, limit: 100 })}`, { signal })
export const openShop = (input: ShopInput) => send<Shop>('POST', '/api/shops', input)
