export { checkPlan, type Violation } from './check-plan.ts'
export { misfit, roadKm } from './fit.ts'
export {
  type Alert,
  DEFAULT_RULES,
  type Excluded,
  type Frozen,
  Instance,
  LIMITS,
  type Merchant,
  type Rules,
} from './instance.ts'
export {
  type ChoiceReason,
  type Clash,
  type Condition,
  type Cost,
  type Explanation,
  FIT_CONDITIONS,
  type FitCondition,
  type Flow,
  Plan,
  type PlanStatus,
  type Proposal,
  type QuantityCondition,
  type Unsold,
} from './plan.ts'
export { InstanceError, readInstance } from './read-instance.ts'
export { type Changes, resolve } from './resolve.ts'
export { greedy, type SolveOptions, solve } from './solve.ts'
