import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { IdentityContext } from './context.ts'

// The operators in force are locked in the order of their ids, so that two operators who take each other's grant at the
// same time go one after the other, and the second finds himself the last. One with an end does not stand in for one without.
const REVOKE = `
  with operators as (
    select id, valid_until from grants
    where role = 'operator' and revoked_at is null and valid_from <= $3 and (valid_until is null or valid_until > $3)
    order by id
    for update
  )
  update grants g set revoked_at = $3, revoked_by = $2
  where g.id = $1 and g.revoked_at is null and (
    g.role <> 'operator'
    or exists (
      select from operators o
      where o.id <> g.id and (o.valid_until is null or (g.valid_until is not null and o.valid_until >= g.valid_until))
    )
  )
  returning g.user_id`

/**
 * Takes a grant back. The row stays as a record.
 * @throws Refusal identity.grant_unknown, identity.last_operator
 */
export async function revokeGrant(context: IdentityContext, id: number, revokedBy: number): Promise<void> {
  const now = context.clock.now()
  const revoked = first(await context.db.query<{ user_id: number }>(REVOKE, [id, revokedBy, now]))
  if (revoked) {
    context.grants.forget(revoked.user_id)
    return
  }
  const [kept] = await context.db.query<{ role: string }>(
    'select role from grants where id = $1 and revoked_at is null',
    [id],
  )
  throw new Refusal(kept?.role === 'operator' ? 'identity.last_operator' : 'identity.grant_unknown')
}
