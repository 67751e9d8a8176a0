import type { MeEdit } from '@chunbo/contract'
import type { Static } from 'typebox'
import { Refusal } from '../platform/problem.ts'
import type { IdentityContext } from './context.ts'

/** Changes a user's own name or language. @throws Refusal request.invalid for a name of blanks */
export async function editMe(context: IdentityContext, userId: number, edit: Static<typeof MeEdit>): Promise<void> {
  const name = edit.name?.trim()
  if (name === '') throw new Refusal('request.invalid', {}, { fields: [{ path: 'body/name', message: 'is empty' }] })
  await context.db.query(
    'update users set name = coalesce($2, name), locale = coalesce($3, locale), updated_at = $4 where id = $1',
    [userId, name ?? null, edit.locale ?? null, context.clock.now()],
  )
}
