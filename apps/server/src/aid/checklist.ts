import type { AidTaskKind, ReliefStage } from '@chunbo/contract'

/** What a task of the template takes, in minutes from the moment a merchant accepts, unless the produce's clock gives less. */
interface TaskPlan {
  readonly minutes: number
  /** Only for produce that has to be kept cold. */
  readonly coldOnly: boolean
}

/** The template: what every case needs before its goods can leave the county. */
const TEMPLATE: Readonly<Record<AidTaskKind, TaskPlan>> = {
  price: { minutes: 4 * 60, coldOnly: false },
  picking: { minutes: 8 * 60, coldOnly: false },
  boxes: { minutes: 8 * 60, coldOnly: false },
  courier: { minutes: 6 * 60, coldOnly: false },
  freight: { minutes: 6 * 60, coldOnly: false },
  ice: { minutes: 10 * 60, coldOnly: true },
  cold_truck: { minutes: 12 * 60, coldOnly: true },
}

/** A produce whose clock has run out still gives this long, in minutes, so that a task can be done at all. */
const SHORTEST_MIN = 30

export interface PlannedTask {
  readonly kind: AidTaskKind
  readonly dueAt: Date
}

/** The tasks of a case that is accepted now: each due after its own time, or after a third of what the produce's clock still gives. */
export function planChecklist(needsCold: boolean, now: Date, spoilsAt: Date | null): PlannedTask[] {
  const leftMin = spoilsAt === null ? Number.POSITIVE_INFINITY : (spoilsAt.getTime() - now.getTime()) / 60_000
  const most = Math.max(SHORTEST_MIN, Math.floor(leftMin / 3))
  return Object.entries(TEMPLATE).flatMap(([kind, plan]) =>
    plan.coldOnly && !needsCold
      ? []
      : [{ kind: kind as AidTaskKind, dueAt: new Date(now.getTime() + Math.min(plan.minutes, most) * 60_000) }],
  )
}

const WITH_CHECKLIST: readonly ReliefStage[] = ['accepted', 'inspecting', 'coordinating', 'listed', 'selling']
/** Whether a case in this stage has tasks that can be worked on. */
export const hasChecklist = (stage: ReliefStage): boolean => WITH_CHECKLIST.includes(stage)
