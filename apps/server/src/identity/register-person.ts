import type { Role } from '@chunbo/contract'
import { hashPassword } from 'better-auth/crypto'
import { first, one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { IdentityContext } from './context.ts'
import { normaliseEmail } from './email.ts'
import { normalisePhone } from './phone.ts'

/** Somebody whom the installation itself makes: the people of the demo world, and of tests. */
export interface Person {
  readonly name: string
  readonly email: string
  readonly phone?: string
  readonly password: string
  readonly locale?: 'zh' | 'en'
  /** For the demonstration: the role under which the login is shown, `buyer` included. Cannot sign in outside of it. */
  readonly demoRole?: Role | 'buyer'
}

/**
 * Makes a user with a password, or finds the one who has the email already and changes nothing. Gives the user's id.
 * The phone counts as verified.
 */
export async function registerPerson(context: IdentityContext, person: Person): Promise<number> {
  const email = normaliseEmail(person.email)
  if (!email) throw new Refusal('identity.email_invalid')
  const phone = person.phone === undefined ? null : normalisePhone(person.phone)
  const password = await hashPassword(person.password)
  return context.db.transaction(async (tx) => {
    const made = first(
      await tx.query<{ id: number }>(
        `insert into users (name, email, email_verified, phone, phone_verified, locale, demo)
         values ($1, $2, true, $3, $4, $5, $6) on conflict (email) do nothing returning id`,
        [person.name, email, phone, phone !== null, person.locale ?? 'zh', person.demoRole !== undefined],
      ),
    )
    if (!made) return one(await tx.query<{ id: number }>('select id from users where email = $1', [email])).id
    await tx.query(
      `insert into accounts (user_id, account_id, provider_id, password) values ($1, $1::bigint::text, 'credential', $2)`,
      [made.id, password],
    )
    if (person.demoRole !== undefined) {
      await tx.query('insert into demo_logins (user_id, role, password) values ($1, $2, $3)', [
        made.id,
        person.demoRole,
        person.password,
      ])
    }
    return made.id
  })
}
