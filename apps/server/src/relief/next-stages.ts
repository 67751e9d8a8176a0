import type { ReliefStage } from '@chunbo/contract'
import { stages } from './stages.ts'

/** Steps that need nothing but a word; every other step of the table has an act of its own. */
export const BY_WORD: readonly ReliefStage[] = ['rejected', 'closed', 'expired', 'reported']
/** What a county's commissioner settles: whether a report is true. */
const OF_COMMISSIONER: Readonly<Partial<Record<ReliefStage, readonly ReliefStage[]>>> = {
  reported: ['verified', 'rejected'],
  rejected: ['reported'],
}

/** The stages that the desk, or a commissioner in their county, may move a case to with what is known now. */
export function nextStages(stage: ReliefStage, isDesk: boolean): ReliefStage[] {
  // Merged cases go back by a split of their alert, and offers put a case back to verified.
  if (stage === 'merged') return []
  const own = stages[stage].next.filter((to) => BY_WORD.includes(to) || (stage === 'reported' && to === 'verified'))
  return isDesk ? own : own.filter((to) => OF_COMMISSIONER[stage]?.includes(to))
}
