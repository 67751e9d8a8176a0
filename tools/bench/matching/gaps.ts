import { type Figure, figure } from '../figures.ts'
import { boundOf } from './bounds.ts'
import type { InstanceName } from './instances.ts'
import { runChild } from './run-child.ts'
import type { Solved } from './solve-child.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)

/** One solve, and its gap to the stored bound as a fraction of 1. */
async function solveOnce(name: InstanceName, seconds: number): Promise<Solved & { gap: number }> {
  const boundFen = boundOf(name)
  const [solved] = await runChild<Solved>('solve-child.ts', [name, seconds])
  if (solved === undefined) throw new Error(`no word of the solve of ${name}`)
  const { objectiveFen, ownBoundFen, status, tookS, peakMb } = solved
  // Loading the solver's 3 MB is no part of the limit: half a second is enough for it, and a twentieth for a busy machine.
  if (tookS > 1.05 * seconds + 0.5) throw new Error(`${name} took ${tookS.toFixed(1)} s where ${seconds} s were given`)
  if (objectiveFen < boundFen)
    throw new Error(`${name}: a plan of ${objectiveFen} fen is below the stored bound ${boundFen}`)
  const gap = objectiveFen / boundFen - 1
  const own = objectiveFen / ownBoundFen - 1
  say(
    `${name} ${seconds} s: gap ${(100 * gap).toFixed(2)} % (${(100 * own).toFixed(2)} % to its own bound), ${status} after ${tookS.toFixed(1)} s, ${peakMb.toFixed(0)} MB`,
  )
  return { ...solved, gap }
}

async function solveTimes(times: number, name: InstanceName, seconds: number) {
  const runs: Awaited<ReturnType<typeof solveOnce>>[] = []
  for (let time = 0; time < times; time += 1) runs.push(await solveOnce(name, seconds))
  return runs
}

/** Gaps to the stored bounds after a time on one core, what memory that takes, and the cost beside the greedy desk's. */
export async function gapFigures(): Promise<Figure[]> {
  const short = await solveTimes(3, '300x300x14', 5)
  const long = await solveTimes(1, '300x300x14', 60)
  const big = await solveTimes(1, '1000x1000x14', 60)
  const gaps = (runs: readonly { gap: number }[]) => runs.map(({ gap }) => gap)
  return [
    figure('gap_300_5s', 'ratio', gaps(short)),
    figure('gap_300_60s', 'ratio', gaps(long)),
    figure(
      'peak_mb_300',
      'MB',
      long.map(({ peakMb }) => peakMb),
    ),
    figure('gap_1000_60s', 'ratio', gaps(big)),
    figure(
      'ratio_to_greedy_cost',
      'ratio',
      short.map(({ objectiveFen, greedyFen }) => objectiveFen / greedyFen),
    ),
  ]
}
