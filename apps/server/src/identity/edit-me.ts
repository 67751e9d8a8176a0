import type { MeEdit } from '@chunbo/contract'
import type { Static } from 'typebox'
import type { IdentityContext } from './context.ts'
import { readPersonName } from './person-name.ts'

/** Changes a user's own name or language. @throws Refusal request.invalid for a name of blanks */
export async function editMe(context: IdentityContext, userId: number, edit: Static<typeof MeEdit>): Promise<void> {
  const name = edit.name === undefined ? null : readPersonName(edit.name)
  await context.db.query(
    'update users set name = coalesce($2, name), locale = coalesce($3, locale), updated_at = $4 where id = $1',
    [userId, name, edit.locale ?? null, context.clock.now()],
  )
}
