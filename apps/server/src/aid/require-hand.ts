import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { AidContext } from './context.ts'

/**
 * The relief desk works on every checklist, a commissioner on those of their county: they are the ones who find the boxes there.
 * @throws Refusal relief.case_not_found, identity.not_allowed
 */
export async function requireHand(
  { platform, identity }: Pick<AidContext, 'platform' | 'identity'>,
  caseId: number,
  userId: number,
): Promise<void> {
  const found = first(
    await platform.db.query<{ countyCode: number }>(
      'select county_code as "countyCode" from relief_cases where id = $1',
      [caseId],
      'aid-case-county',
    ),
  )
  if (!found) throw new Refusal('relief.case_not_found')
  await identity.require(userId, { role: 'relief_desk' }, { role: 'commissioner', countyCode: found.countyCode })
}
