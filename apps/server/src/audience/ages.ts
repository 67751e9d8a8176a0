import type { AgeByOperator, MyAge } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { AGE_UNKNOWN, bandOf, chinaDay, isPossibleBirth, type KnownAge } from './age.ts'
import type { AudienceContext } from './context.ts'

type Context = Pick<AudienceContext, 'platform' | 'fans'>

/** What is known of a user's age; who has said nothing is taken for an adult. */
export async function readAge({ platform }: Pick<AudienceContext, 'platform'>, userId: number): Promise<KnownAge> {
  const row = first(
    await platform.db.query<KnownAge>(
      `select to_char(birth_month, 'YYYY-MM') as "birthMonth", minor, guardian_consent as "guardianConsent"
       from user_ages where user_id = $1`,
      [userId],
      'audience-age',
    ),
  )
  return row ?? AGE_UNKNOWN
}

export async function readMyAge(context: Context, userId: number): Promise<MyAge> {
  const age = await readAge(context, userId)
  const { birthMonth, guardianConsent } = age
  return { birthMonth, guardianConsent, band: bandOf(age, chinaDay(context.platform.clock.now())) }
}

function requirePossible(context: Context, birthMonth: string): void {
  if (!isPossibleBirth(birthMonth, chinaDay(context.platform.clock.now())))
    throw new Refusal('audience.birth_impossible')
}

/**
 * Somebody says when they were born, once: a child that was refused something must not come back as an adult.
 * @throws Refusal audience.birth_declared, audience.birth_impossible
 */
export async function declareBirth(context: Context, userId: number, birthMonth: string): Promise<void> {
  const { db, clock } = context.platform
  requirePossible(context, birthMonth)
  const written = await db.query(
    `insert into user_ages (user_id, birth_month, noted_by, noted_at) values ($1, $2::date, $1, $3)
     on conflict do nothing returning user_id`,
    [userId, `${birthMonth}-01`, clock.now()],
  )
  if (written.length === 0) throw new Refusal('audience.birth_declared')
  context.fans.forget(userId)
}

/** An operator puts an age right or notes a guardian's consent. @throws Refusal audience.user_unknown, audience.birth_impossible */
export async function noteAge(context: Context, operatorId: number, userId: number, age: AgeByOperator): Promise<void> {
  const { db, clock } = context.platform
  if (age.birthMonth !== null) requirePossible(context, age.birthMonth)
  const written = await db.query(
    `insert into user_ages (user_id, birth_month, minor, guardian_consent, noted_by, noted_at)
     select id, $2::date, $3, $4, $5, $6 from users where id = $1
     on conflict (user_id) do update set birth_month = excluded.birth_month, minor = excluded.minor,
       guardian_consent = excluded.guardian_consent, noted_by = excluded.noted_by, noted_at = excluded.noted_at
     returning user_id`,
    [
      userId,
      age.birthMonth === null ? null : `${age.birthMonth}-01`,
      age.minor,
      age.guardianConsent,
      operatorId,
      clock.now(),
    ],
  )
  if (written.length === 0) throw new Refusal('audience.user_unknown')
  context.fans.forget(userId)
}
