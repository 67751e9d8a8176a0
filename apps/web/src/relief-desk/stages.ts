import { RELIEF_STAGES, type ReliefStage } from '@chunbo/contract/relief'

/** Ends of a case; everything before them is open. */
const ENDED: readonly ReliefStage[] = ['closed', 'rejected', 'expired', 'merged']

export const isOpen = (stage: ReliefStage): boolean => !ENDED.includes(stage)
/** The columns of the board, in the order in which a case passes them. */
export const OPEN_STAGES: readonly ReliefStage[] = RELIEF_STAGES.filter(isOpen)
export const ENDED_STAGES: readonly ReliefStage[] = ENDED
