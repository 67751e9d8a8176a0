import type { ReliefStage, Role } from '@chunbo/contract'

/** One stage of a relief case: who has to act, how long they have, and what may follow. docs/relief.md draws this table. */
export interface Stage {
  /** The role that owns a case in this stage. Null where a case has ended. */
  readonly owner: Role | null
  /** Minutes the owner has, unless the produce's clock gives less. Null: until the clock ends. */
  readonly minutes: number | null
  /** What an act by a person or the system may turn it into. */
  readonly next: readonly ReliefStage[]
}

export const stages: Readonly<Record<ReliefStage, Stage>> = {
  reported: { owner: 'relief_desk', minutes: 120, next: ['verified', 'rejected', 'expired', 'merged'] },
  verified: { owner: 'relief_desk', minutes: 60, next: ['offered', 'accepted', 'rejected', 'expired', 'merged'] },
  offered: { owner: 'merchant', minutes: 120, next: ['accepted', 'verified', 'rejected', 'expired', 'merged'] },
  accepted: { owner: 'inspector', minutes: 12 * 60, next: ['inspecting', 'verified', 'rejected', 'expired'] },
  inspecting: { owner: 'inspector', minutes: 12 * 60, next: ['coordinating', 'verified', 'rejected', 'expired'] },
  coordinating: { owner: 'relief_desk', minutes: 24 * 60, next: ['listed', 'verified', 'rejected', 'expired'] },
  listed: { owner: 'relief_desk', minutes: 24 * 60, next: ['selling', 'closed', 'expired'] },
  selling: { owner: 'relief_desk', minutes: null, next: ['closed', 'expired'] },
  closed: { owner: null, minutes: null, next: [] },
  rejected: { owner: null, minutes: null, next: ['reported'] },
  expired: { owner: null, minutes: null, next: [] },
  // Back to what it was: only a split does that.
  merged: { owner: null, minutes: null, next: ['reported', 'verified', 'offered'] },
}

/** Whether a case in this stage is over. */
export const isEnded = (stage: ReliefStage): boolean => stages[stage].owner === null

/** A case that has no end of its own is looked at again after this long, in minutes. */
const LONGEST_STAGE_MIN = 30 * 24 * 60

/** Until when the owner of a stage has to act: its minutes, cut short by half of what the produce's clock still gives. */
export function stageDue(stage: ReliefStage, now: Date, spoilsAt: Date | null): Date {
  const { minutes } = stages[stage]
  const own = now.getTime() + (minutes ?? LONGEST_STAGE_MIN) * 60_000
  if (spoilsAt === null) return new Date(own)
  const left = Math.max(0, spoilsAt.getTime() - now.getTime())
  return new Date(Math.min(own, now.getTime() + (minutes === null ? left : Math.floor(left / 2))))
}
