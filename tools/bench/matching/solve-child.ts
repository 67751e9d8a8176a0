/** `node tools/bench/matching/solve-child.ts NAME SECONDS`: one solve in a process of its own, as a line of JSON. */
import { checkPlan, greedy, type Plan, solve } from '../../../packages/matching/src/index.ts'
import { drawInstance, type InstanceName, sizes } from './instances.ts'

export interface Solved {
  readonly objectiveFen: number
  /** The solver's own bound, proved in the same run. */
  readonly ownBoundFen: number
  readonly greedyFen: number
  readonly status: Plan['status']
  readonly tookS: number
  /** Most memory that the whole process ever had, in millions of bytes. */
  readonly peakMb: number
}

const [name = '', seconds = '5'] = process.argv.slice(2)
const size = sizes[name as InstanceName]
if (size === undefined) throw new Error(`no instance is called ${name}`)
const instance = drawInstance(size)
const startMs = performance.now()
const plan = await solve(instance, { seconds: Number(seconds) })
const tookS = (performance.now() - startMs) / 1_000
const peakMb = (process.resourceUsage().maxRSS * 1_024) / 1e6
const violations = checkPlan(instance, plan)
if (violations.length > 0) throw new Error(`the plan breaks conditions: ${JSON.stringify(violations.slice(0, 3))}`)
const told: Solved = {
  objectiveFen: plan.objectiveFen,
  ownBoundFen: plan.boundFen,
  greedyFen: greedy(instance).objectiveFen,
  status: plan.status,
  tookS,
  peakMb,
}
process.stdout.write(`${JSON.stringify(told)}\n`)
