/** `node tools/bench/matching/resolve-child.ts NAME EVENTS`: how long a plan takes after each of some events, as a line of JSON. */
import { checkPlan, type Instance, resolve, solve } from '../../../packages/matching/src/index.ts'
import { drawInstance, type InstanceName, sizes } from './instances.ts'
import { createRandom } from './random.ts'

export interface Resolved {
  /** Seconds, by event. */
  readonly tookS: readonly number[]
}

const [name = '', events = '9'] = process.argv.slice(2)
const size = sizes[name as InstanceName]
if (size === undefined) throw new Error(`no instance is called ${name}`)
const random = createRandom(5)
const whole = drawInstance(size)
// The last alerts have not been heard of yet: they are the events, with refusals and acceptances between them.
let instance: Instance = { ...whole, alerts: whole.alerts.slice(0, -Number(events)) }
let plan = await solve(instance, { seconds: 20 })
const tookS: number[] = []
for (let event = 0; event < Number(events); event += 1) {
  const open = plan.flows.filter(({ frozen }) => !frozen)
  const { alertId, merchantId, day, grams } = random.pick(open)
  const added = whole.alerts[instance.alerts.length]
  if (added === undefined) throw new Error('no alert is left to add')
  if (event % 3 === 0) instance = { ...instance, alerts: [...instance.alerts, added] }
  else if (event % 3 === 1)
    instance = { ...instance, excluded: [...instance.excluded, { alertId, merchantId, reason: 'refused' }] }
  else instance = { ...instance, frozen: [...instance.frozen, { alertId, merchantId, day, grams }] }
  const changed = event % 3 === 0 ? added.id : alertId
  const startMs = performance.now()
  plan = await resolve(instance, plan, { alertIds: [changed] })
  tookS.push((performance.now() - startMs) / 1_000)
  const violations = checkPlan(instance, plan)
  if (violations.length > 0) throw new Error(`the plan breaks conditions: ${JSON.stringify(violations.slice(0, 3))}`)
}
const told: Resolved = { tookS }
process.stdout.write(`${JSON.stringify(told)}\n`)
