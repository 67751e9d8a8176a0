import { assemblePlan } from './assemble-plan.ts'
import { Draft } from './draft.ts'
import { indexById } from './frozen.ts'
import { improve } from './improve.ts'
import { topUp } from './insert.ts'
import type { Instance } from './instance.ts'
import { descend } from './neighbourhood.ts'
import { buildNetwork, type Network } from './network.ts'
import type { Plan } from './plan.ts'
import { type Duals, gainBound, loadSolver } from './relax.ts'
import { clockOf, type SolveOptions, solve } from './solve.ts'

/** What is new since the previous plan; alerts and merchants that were added count as changed. */
export interface Changes {
  readonly alertIds?: readonly string[]
  readonly merchantIds?: readonly string[]
}

const secondsDefault = 0.9
/** Alerts near the change that may be given anew. */
const neighboursMax = 24

/** The prices of the previous plan on the network of the new instance. */
function dualsOf(instance: Instance, { prices }: Plan): Duals {
  const { alerts, merchants, days } = instance
  const alertIndex = indexById(alerts)
  const merchantIndex = indexById(merchants)
  const duals: Duals = {
    slotFen: new Float64Array(merchants.length * days),
    totalFen: new Float64Array(merchants.length),
    mateFen: new Float64Array(alerts.length),
  }
  for (const { merchantId, day, fenPerTonne } of prices.capacity) {
    const merchant = merchantIndex.get(merchantId)
    if (merchant !== undefined && day < days) duals.slotFen[merchant * days + day] = fenPerTonne
  }
  for (const { merchantId, fenPerTonne } of prices.total)
    duals.totalFen[merchantIndex.get(merchantId) ?? -1] = fenPerTonne
  for (const { alertId, fen } of prices.slots) duals.mateFen[alertIndex.get(alertId) ?? -1] = fen
  return duals
}

/** The arc of a pair on a day, -1 when there is none. */
function arcOf(network: Network, alert: number, merchant: number, day: number): number {
  const { pairStart, pairMerchant, arcStart, arcDay } = network
  for (let pair = pairStart[alert] as number; pair < (pairStart[alert + 1] as number); pair += 1) {
    if (pairMerchant[pair] !== merchant) continue
    for (let arc = arcStart[pair] as number; arc < (arcStart[pair + 1] as number); arc += 1)
      if (arcDay[arc] === day) return arc
  }
  return -1
}

/** Loads what still holds of the previous plan; alerts of which something does not hold are added to `touched`. */
function carryOver(instance: Instance, network: Network, previous: Plan, touched: Set<number>): Draft {
  const draft = new Draft(network)
  const alertIndex = indexById(instance.alerts)
  const merchantIndex = indexById(instance.merchants)
  const { arcPair, pairMerchant, lotMinG } = network
  for (const { alertId, merchantId, day, grams, frozen } of previous.flows) {
    const alert = alertIndex.get(alertId)
    if (frozen || alert === undefined) continue
    const arc = arcOf(network, alert, merchantIndex.get(merchantId) ?? -1, day)
    const pair = arcPair[arc] ?? -1
    const fits =
      arc >= 0 && draft.isOpen(pair) && draft.roomOn(arc) >= grams && grams >= (lotMinG[pairMerchant[pair] ?? -1] ?? 0)
    if (fits) draft.add(arc, grams)
    else touched.add(alert)
  }
  return draft
}

/** Alerts that have lots, or something unsold, with the merchants that touched alerts could best go to. */
function neighboursOf(
  draft: Draft,
  duals: Duals,
  touched: ReadonlySet<number>,
  changedMerchants: ReadonlySet<number>,
): number[] {
  const { network } = draft
  const { pairStart, pairAlert, pairMerchant, arcStart, arcGain, arcSlot } = network
  const worth = new Map<number, number>()
  for (const alert of touched) {
    for (let pair = pairStart[alert] as number; pair < (pairStart[alert + 1] as number); pair += 1) {
      const merchant = pairMerchant[pair] as number
      for (let arc = arcStart[pair] as number; arc < (arcStart[pair + 1] as number); arc += 1) {
        const net =
          (arcGain[arc] as number) -
          (duals.slotFen[arcSlot[arc] as number] as number) -
          (duals.totalFen[merchant] as number)
        worth.set(merchant, Math.max(worth.get(merchant) ?? 0, net))
      }
    }
  }
  for (const merchant of changedMerchants) worth.set(merchant, Number.MAX_SAFE_INTEGER)
  const near = new Map<number, number>()
  pairAlert.forEach((alert, pair) => {
    const net = worth.get(pairMerchant[pair] as number)
    if (net === undefined || touched.has(alert)) return
    // With a lot there it can make room; with something unsold it can take room.
    if (draft.pairG[pair] === 0 && draft.supplyLeftG[alert] === 0) return
    near.set(alert, Math.max(near.get(alert) ?? 0, net + ((draft.pairG[pair] as number) > 0 ? 1 : 0)))
  })
  return [...near]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, neighboursMax)
    .map(([alert]) => alert)
}

/** Alerts whose frozen flows are not those of the previous plan. */
function refrozen({ frozen, alerts }: Instance, previous: Plan): Set<string> {
  const keysOf = (lots: ReadonlyArray<{ alertId: string; merchantId: string; day: number; grams: number }>) =>
    new Map(lots.map((lot) => [JSON.stringify([lot.alertId, lot.merchantId, lot.day, lot.grams]), lot.alertId]))
  const now = keysOf(frozen)
  const then = keysOf(previous.flows.filter((flow) => flow.frozen))
  const known = new Set(previous.explanations.map(({ alertId }) => alertId))
  return new Set([
    ...[...now].filter(([key]) => !then.has(key)).map(([, id]) => id),
    ...[...then].filter(([key]) => !now.has(key)).map(([, id]) => id),
    ...alerts.filter(({ id }) => !known.has(id)).map(({ id }) => id),
  ])
}

/**
 * The plan after an event: only alerts near the change are given anew, everything else stays where it was, also when it could
 * be a little better. `previous` must be of the same days; otherwise the whole is solved. Takes under a second by default.
 * Explanations of alerts far from the change are those of the previous plan.
 */
export async function resolve(
  instance: Instance,
  previous: Plan,
  changes: Changes,
  { seconds = secondsDefault, gap = 1e-4 }: SolveOptions = {},
): Promise<Plan> {
  if (previous.startDay !== instance.startDay || previous.days !== instance.days)
    return solve(instance, { seconds, gap })
  const highs = await loadSolver()
  const clock = clockOf(seconds)
  const network = buildNetwork(instance)
  const reserve = Math.min(seconds / 2, 0.02 + 0.5 * clock.spent())
  const alertIndex = indexById(instance.alerts)
  const merchantIndex = indexById(instance.merchants)
  const indicesOf = (ids: Iterable<string>, index: Map<string, number>) =>
    [...ids].map((id) => index.get(id)).filter((found) => found !== undefined)
  const touched = new Set(indicesOf([...(changes.alertIds ?? []), ...refrozen(instance, previous)], alertIndex))
  const draft = carryOver(instance, network, previous, touched)
  const changedMerchants = new Set(indicesOf(changes.merchantIds ?? [], merchantIndex))
  const duals = dualsOf(instance, previous)
  const alerts = [...touched, ...neighboursOf(draft, duals, touched, changedMerchants)].sort((a, b) => a - b)
  const bound = gainBound(network, duals)
  const search = { draft, prices: { ...duals, weight: 1 }, alerts, enoughGain: bound }
  const secondsLeft = () => clock.left(reserve)
  const untilImproved = secondsLeft() / 2
  improve({ ...search, steps: 60 * alerts.length, secondsLeft: () => secondsLeft() - untilImproved, ruinMax: 6 })
  topUp(draft)
  descend({ ...search, highs, staleMax: 20, secondsLeft })
  topUp(draft)
  const inTime = secondsLeft() > 0
  return assemblePlan({
    instance,
    network,
    gap,
    draft,
    duals,
    gainBound: bound,
    inTime,
    seconds: clock.spent,
    keep: { previous, anew: new Set(alerts) },
  })
}
