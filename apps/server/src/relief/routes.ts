import type { Route } from '../platform/routes.ts'
import { caseRoutes } from './case-routes.ts'
import type { ReliefContext } from './context.ts'
import { duplicateRoutes } from './duplicate-routes.ts'
import { intakeRoutes } from './intake-routes.ts'
import { measuresRoutes } from './measures-routes.ts'

/** The slice's table, in parts. */
export function reliefRoutes(context: ReliefContext): Route[] {
  return [...intakeRoutes(context), ...duplicateRoutes(context), ...caseRoutes(context), ...measuresRoutes(context)]
}
