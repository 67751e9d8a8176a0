import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import type { DropRow } from './drop.ts'

/** A drop with what its room says about who may see it. */
export interface PlacedDrop extends DropRow {
  readonly countyCode: number
  readonly practice: boolean
}

/** Whether a user is of the host team of a county. */
export const isOfTeam = ({ identity }: Pick<ShowContext, 'identity'>, userId: number, countyCode: number) =>
  identity.may(userId, { role: 'host', countyCode })

/**
 * A drop that this user, or a stranger, may see: those of a practice room exist for its host team alone.
 * @throws Refusal show.drop_not_found
 */
export async function requireVisible(
  context: Pick<ShowContext, 'identity'>,
  row: PlacedDrop | null,
  userId: number | null,
): Promise<PlacedDrop> {
  if (!row) throw new Refusal('show.drop_not_found')
  if (row.practice && (userId === null || !(await isOfTeam(context, userId, row.countyCode))))
    throw new Refusal('show.drop_not_found')
  return row
}

/** The same of a drop as it was a moment ago, for who is one of thousands. @throws Refusal show.drop_not_found */
export async function readVisibleDrop(
  context: Pick<ShowContext, 'identity' | 'recent'>,
  dropId: number,
  userId: number | null,
): Promise<PlacedDrop> {
  return requireVisible(context, await context.recent.find(dropId), userId)
}
