import type { Database } from '../platform/database.ts'
import type { HeldGrant } from './grant.ts'

/** A grant or its withdrawal is seen by other nodes after at most this long; by this one at once. */
const KEPT_MS = 5_000
const KEPT_MAX = 10_000

const READ = `
  select id, role, county_code as "countyCode", shop_id as "shopId",
    valid_from as "validFrom", valid_until as "validUntil", revoked_at as "revokedAt"
  from grants
  where user_id = $1 and revoked_at is null
  order by id`

/** The grants that people hold, kept for seconds so that a studio page of ten requests reads them once. */
export interface GrantBook {
  /** Grants of a user that were not taken back, begun or not, over or not. */
  of(userId: number): Promise<readonly HeldGrant[]>
  /** Forgets what is kept of a user, after a change. */
  forget(userId: number): void
}

export function createGrantBook(db: Database, nowMs: () => number): GrantBook {
  const kept = new Map<number, { readonly grants: Promise<HeldGrant[]>; readonly readAtMs: number }>()
  return {
    of(userId) {
      const known = kept.get(userId)
      if (known && nowMs() - known.readAtMs < KEPT_MS) return known.grants
      const grants = db.query<HeldGrant>(READ, [userId])
      if (kept.size >= KEPT_MAX) kept.clear()
      kept.set(userId, { grants, readAtMs: nowMs() })
      // A failed read must not stand for the next seconds.
      grants.catch(() => kept.delete(userId))
      return grants
    },
    forget: (userId) => kept.delete(userId),
  }
}
