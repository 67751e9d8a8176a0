import { Refusal } from '../platform/problem.ts'
import type { ReliefContext } from './context.ts'

/** Which cases somebody works on: all of them at the relief desk and as an operator, those of their counties as a commissioner. */
export interface DeskScope {
  readonly userId: number
  readonly isDesk: boolean
  /** Null for all. */
  readonly counties: readonly number[] | null
}

/** The scope of a user now. */
export async function readScope(context: ReliefContext, userId: number): Promise<DeskScope> {
  const { identity, platform } = context
  if (await identity.may(userId, { role: 'relief_desk' })) return { userId, isDesk: true, counties: null }
  const now = platform.clock.now()
  const counties = (await identity.grantsOf(userId)).flatMap(({ role, countyCode, validFrom, validUntil }) =>
    role === 'commissioner' && countyCode !== null && validFrom <= now && (validUntil === null || now < validUntil)
      ? [countyCode]
      : [],
  )
  return { userId, isDesk: false, counties }
}

/** Whether a case of a county is in the scope. */
export const covers = ({ counties }: DeskScope, countyCode: number): boolean =>
  counties === null || counties.includes(countyCode)

/** @throws Refusal identity.not_allowed where the county is another's. */
export function requireCounty(scope: DeskScope, countyCode: number): void {
  if (!covers(scope, countyCode)) throw new Refusal('identity.not_allowed')
}

/** @throws Refusal identity.not_allowed for who is a commissioner only. */
export function requireDesk(scope: DeskScope): void {
  if (!scope.isDesk) throw new Refusal('identity.not_allowed')
}
