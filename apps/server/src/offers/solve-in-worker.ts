import { Worker } from 'node:worker_threads'
import type { Instance, Plan } from '@chunbo/matching'
import { Refusal } from '../platform/problem.ts'

/** The solver gives the best plan it has by then, with its gap. */
export const SOLVE_S = 5
/** What a solver that does not keep its limit gets on top before its thread is ended. */
const GRACE_S = 20

export type SolveInWorker = (instance: Instance) => Promise<Plan>

/**
 * Solves an instance in a thread of its own, which is ended with the run, so that its memory is given back.
 * Throws when the solver fails or keeps running `graceS` seconds after its limit. `close` ends the threads; whoever waits for
 * one, or asks for another, is refused with `server.closing`.
 */
export function createSolver(timeLimitS = SOLVE_S, graceS = GRACE_S): SolveInWorker & { close(): Promise<void> } {
  const running = new Set<Worker>()
  let closed = false
  const solve = (instance: Instance) =>
    new Promise<Plan>((resolve, reject) => {
      if (closed) return reject(new Refusal('server.closing'))
      const worker = new Worker(new URL('./solver-worker.ts', import.meta.url), {
        workerData: { instance, seconds: timeLimitS },
        resourceLimits: { maxOldGenerationSizeMb: 768 },
      })
      running.add(worker)
      const timer = setTimeout(
        () => end(new Error(`no plan after ${timeLimitS + graceS} s`)),
        (timeLimitS + graceS) * 1000,
      )
      const end = (error: Error | null, plan?: Plan) => {
        clearTimeout(timer)
        running.delete(worker)
        if (plan !== undefined) resolve(plan)
        else reject(closed ? new Refusal('server.closing') : (error ?? new Error('the solver ended without a plan')))
        void worker.terminate()
      }
      worker.once('message', (plan: Plan) => end(null, plan))
      worker.once('error', (error) => end(error instanceof Error ? error : new Error(String(error))))
      worker.once('exit', () => end(null))
    })
  return Object.assign(solve, {
    async close() {
      closed = true
      await Promise.all([...running].map((worker) => worker.terminate()))
    },
  })
}
