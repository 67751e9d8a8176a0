import type { Role } from '@chunbo/contract'

/** A grant as it is held: a role, where it holds and when. */
export interface HeldGrant {
  readonly id: number
  readonly role: Role
  readonly countyCode: number | null
  readonly shopId: number | null
  readonly validFrom: Date
  readonly validUntil: Date | null
  readonly revokedAt: Date | null
}

/** What somebody must hold one of: a role, and the county or shop that it must be for. */
export interface Need {
  readonly role: Role
  readonly countyCode?: number
  readonly shopId?: number
}

/** Whether a grant counts at an instant: begun, not over, not taken back. The end itself no longer counts. */
export function isInForce(grant: HeldGrant, at: Date): boolean {
  if (grant.revokedAt !== null && grant.revokedAt <= at) return false
  return grant.validFrom <= at && (grant.validUntil === null || at < grant.validUntil)
}

/** Whether a grant meets a need. A need without a county or shop is met by any of the role. */
export function meets(grant: HeldGrant, need: Need): boolean {
  if (grant.role !== need.role) return false
  if (need.countyCode !== undefined && grant.countyCode !== need.countyCode) return false
  return need.shopId === undefined || grant.shopId === need.shopId
}

/** Whether one of the grants in force meets one of the needs. An operator may do everything. */
export function allows(grants: readonly HeldGrant[], needs: readonly Need[], at: Date): boolean {
  return grants.some(
    (grant) => isInForce(grant, at) && (grant.role === 'operator' || needs.some((need) => meets(grant, need))),
  )
}

/** Which scope each role takes; the check constraint of the table says the same. */
const SCOPE: Record<Role, { county: 'needed' | 'may' | 'never'; shop: 'needed' | 'may' | 'never' }> = {
  shop: { county: 'never', shop: 'needed' },
  host: { county: 'needed', shop: 'never' },
  commissioner: { county: 'needed', shop: 'never' },
  merchant: { county: 'never', shop: 'may' },
  inspector: { county: 'may', shop: 'never' },
  relief_desk: { county: 'never', shop: 'never' },
  editor: { county: 'never', shop: 'never' },
  operator: { county: 'never', shop: 'never' },
}

/** Whether a county and a shop are given exactly as the role takes them. */
export function scopeFits(need: Need): boolean {
  const { county, shop } = SCOPE[need.role]
  const fits = (given: boolean, rule: 'needed' | 'may' | 'never') => rule === 'may' || given === (rule === 'needed')
  return fits(need.countyCode !== undefined, county) && fits(need.shopId !== undefined, shop)
}
