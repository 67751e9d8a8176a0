import { type Figure, figure } from '../figures.ts'
import type { Resolved } from './resolve-child.ts'
import { runChild } from './run-child.ts'

/** Seconds from an event (a new alert, a refusal, an acceptance, in turn) to the plan after it, on one core. */
export async function resolveFigures(): Promise<Figure[]> {
  const [resolved] = await runChild<Resolved>('resolve-child.ts', ['300x300x14', 9])
  return [figure('resolve_s', 's', resolved?.tookS ?? [])]
}
