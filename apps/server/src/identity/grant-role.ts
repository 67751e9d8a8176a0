import type { GrantInput } from '@chunbo/contract'
import type { Static } from 'typebox'
import { one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { IdentityContext } from './context.ts'
import { scopeFits } from './grant.ts'

const INSERT = `
  insert into grants (user_id, role, county_code, shop_id, valid_from, valid_until, granted_by, granted_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`

/** What the constraints of the table say about a grant that they refuse. */
const BY_CONSTRAINT: Readonly<Record<string, string>> = {
  grants_once: 'identity.grant_exists',
  grants_scope: 'identity.grant_scope',
  grants_term: 'identity.grant_term',
  grants_county: 'identity.region_unknown',
  grants_user_id_fkey: 'identity.user_unknown',
}

/**
 * Gives a role. `grantedBy` is null for what the installation itself gives. Gives the id of the grant.
 * @throws Refusal identity.grant_scope, identity.grant_term, identity.grant_exists, identity.user_unknown, identity.region_unknown
 */
export async function grantRole(
  context: IdentityContext,
  input: Static<typeof GrantInput>,
  grantedBy: number | null,
): Promise<number> {
  if (!scopeFits(input)) throw new Refusal('identity.grant_scope')
  const now = context.clock.now()
  try {
    const rows = await context.db.query<{ id: number }>(INSERT, [
      input.userId,
      input.role,
      input.countyCode ?? null,
      input.shopId ?? null,
      input.validFrom ?? now,
      input.validUntil ?? null,
      grantedBy,
      now,
    ])
    return one(rows).id
  } catch (error) {
    const constraint = error instanceof Error && 'constraint' in error ? String(error.constraint) : ''
    const code = BY_CONSTRAINT[constraint]
    throw code ? new Refusal(code) : error
  } finally {
    context.grants.forget(input.userId)
  }
}
