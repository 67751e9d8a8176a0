import { StartRefusal } from '../platform/start-refusal.ts'
import type { IdentityContext } from './context.ts'
import { normaliseEmail } from './email.ts'
import { grantRole } from './grant-role.ts'
import { registerPerson } from './register-person.ts'

/**
 * Makes the first operator of an installation, whom nobody could have given the role. Does nothing when somebody holds it
 * already, so that the variables may stay in the environment. Gives whether it was done.
 * @throws StartRefusal identity.operator_email_taken when somebody signed up with the email, which proves nothing of who they are
 */
export async function makeFirstOperator(context: IdentityContext, email: string, password: string): Promise<boolean> {
  const held = await context.db.query(`select 1 from grants where role = 'operator' and revoked_at is null limit 1`)
  if (held.length > 0) return false
  const taken = await context.db.query('select 1 from users where email = $1 and not email_verified', [
    normaliseEmail(email),
  ])
  if (taken.length > 0) {
    throw new StartRefusal(
      'identity.operator_email_taken',
      'OPERATOR_EMAIL 已有人自行注册，无法确认是谁：请换一个邮箱',
      'Somebody signed up with OPERATOR_EMAIL, and nothing proves who: choose another email',
    )
  }
  const userId = await registerPerson(context, { name: '管理员', email, password })
  await grantRole(context, { userId, role: 'operator' }, null)
  return true
}
