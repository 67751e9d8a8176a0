import type { Catalogue } from '../catalogue/index.ts'
import { type Identity, isInForce } from '../identity/index.ts'
import type { Platform } from '../platform/slice.ts'
import type { CaseMoved } from '../relief/index.ts'

export interface InspectionsContext {
  readonly platform: Platform
  readonly identity: Identity
  readonly catalogue: Pick<Catalogue, 'proveLot' | 'storePicture'>
  readonly relief: { caseMoved(moved: CaseMoved): void }
}

/** The counties whose batches somebody may inspect now; null is every county, an empty list none. */
export async function inspectedCounties(
  { identity, platform }: Pick<InspectionsContext, 'identity' | 'platform'>,
  userId: number,
): Promise<number[] | null> {
  const now = platform.clock.now()
  const held = (await identity.grantsOf(userId)).filter((grant) => isInForce(grant, now))
  if (held.some(({ role, countyCode }) => role === 'operator' || (role === 'inspector' && countyCode === null))) {
    return null
  }
  return held.flatMap(({ role, countyCode }) => (role === 'inspector' && countyCode !== null ? [countyCode] : []))
}
