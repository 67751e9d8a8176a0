import { Refusal } from '../platform/problem.ts'
import type { IdentityContext } from './context.ts'

/** Removes one of a user's own addresses. Orders keep the address they were sent to. @throws Refusal identity.address_unknown */
export async function removeAddress(context: IdentityContext, userId: number, id: number): Promise<void> {
  const rows = await context.db.query('delete from addresses where user_id = $1 and id = $2 returning id', [userId, id])
  if (rows.length === 0) throw new Refusal('identity.address_unknown')
}
