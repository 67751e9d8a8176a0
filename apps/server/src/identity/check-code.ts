import { Refusal } from '../platform/problem.ts'
import type { IdentityContext } from './context.ts'
import { hashCode } from './send-code.ts'

// The attempt is taken by the statement that compares, under the row's lock: tries at the same time cannot share one,
// and the right code works once.
const TRY_CODE = `
  update phone_codes
  set attempts_left = case when code_hash = $2 then 0 else attempts_left - 1 end
  where phone = $1 and expires_at > $3 and attempts_left > 0
  returning code_hash = $2 as is_right, attempts_left`

/**
 * Uses up a code.
 * @param phone E.164
 * @throws Refusal identity.code_wrong, identity.code_expired
 */
export async function checkCode(context: IdentityContext, phone: string, code: string): Promise<void> {
  const [tried] = await context.db.query<{ is_right: boolean; attempts_left: number }>(TRY_CODE, [
    phone,
    hashCode(context, phone, code),
    context.clock.now(),
  ])
  if (!tried) throw new Refusal('identity.code_expired')
  if (tried.is_right) return
  if (tried.attempts_left === 0) throw new Refusal('identity.code_expired')
  throw new Refusal('identity.code_wrong', { attemptsLeft: tried.attempts_left })
}
