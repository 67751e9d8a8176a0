import type { IdentityContext } from './context.ts'
import { grantRole } from './grant-role.ts'
import { registerPerson } from './register-person.ts'

/**
 * Makes the first operator of an installation, whom nobody could have given the role. Does nothing when somebody holds it
 * already, so that the variables may stay in the environment. Gives whether it was done.
 */
export async function makeFirstOperator(context: IdentityContext, email: string, password: string): Promise<boolean> {
  const held = await context.db.query(`select 1 from grants where role = 'operator' and revoked_at is null limit 1`)
  if (held.length > 0) return false
  const userId = await registerPerson(context, { name: '管理员', email, password })
  await grantRole(context, { userId, role: 'operator' }, null)
  return true
}
