import type { Role } from '@chunbo/contract/identity'

/** Roles that an operator gives, the most usual first. */
export const GIVEN_ROLES: readonly Role[] = [
  'shop',
  'host',
  'commissioner',
  'merchant',
  'inspector',
  'relief_desk',
  'editor',
  'operator',
]

/** What a role is bound to: one shop, one county, or nothing. */
export function scopeOf(role: Role): 'shop' | 'county' | 'none' {
  if (role === 'shop') return 'shop'
  return role === 'host' || role === 'commissioner' ? 'county' : 'none'
}

/** True while a grant counts: not taken back, and within its term. */
export function isInForce(grant: { validUntil: string | null; revokedAt: string | null }, nowMs: number): boolean {
  return grant.revokedAt === null && (grant.validUntil === null || Date.parse(grant.validUntil) > nowMs)
}
