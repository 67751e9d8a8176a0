/** `node tools/bench/matching/season-child.ts SEED...`: seasons with both desks, a line of JSON for each. */
import { DEFAULT_RULES } from '../../../packages/matching/src/index.ts'
import { greedyDesk, planningDesk } from './season/desks.ts'
import { addCounties, type CountySum, spoiledGramsOf } from './season/judge.ts'
import { type Desk, simulate } from './season/simulate.ts'
import { drawWorld } from './season/world.ts'

export interface DeskSeason {
  readonly spoiledG: number
  readonly counties: readonly (readonly [number, CountySum])[]
}

export interface SeasonTold {
  readonly seed: number
  readonly arrivedG: number
  readonly ours: DeskSeason
  readonly greedy: DeskSeason
}

async function runSeason(seed: number): Promise<SeasonTold> {
  const world = drawWorld(seed)
  const run = async (desk: Desk): Promise<DeskSeason> => {
    const result = await simulate(world, DEFAULT_RULES, desk)
    const counties = new Map<number, CountySum>()
    addCounties(counties, result)
    return { spoiledG: spoiledGramsOf(result), counties: [...counties] }
  }
  const arrivedG = world.arrivals.reduce((sum, { alert }) => sum + alert.grams, 0)
  return { seed, arrivedG, ours: await run(planningDesk), greedy: await run(greedyDesk) }
}

for (const seed of process.argv.slice(2)) process.stdout.write(`${JSON.stringify(await runSeason(Number(seed)))}\n`)
