/**
 * An independent look at a plan: it shares no code with the solver, computes distances, days and costs by itself from what
 * docs/matching.md says, and names every condition that a flow breaks.
 */
import type { Alert, Frozen, Instance, Merchant } from './instance.ts'
import type { Flow, Plan } from './plan.ts'

export interface Violation {
  /** The condition, or flow, frozen, unsold, cost and bound for a plan that contradicts itself. */
  readonly rule: string
  readonly text: string
}

const keyOf = (...parts: ReadonlyArray<string | number>) => JSON.stringify(parts)

function kilometres(alert: Alert, merchant: Merchant, roadPermille: number): number {
  const [lat1, lat2, lng1, lng2] = [alert.latE5, merchant.latE5, alert.lngE5, merchant.lngE5].map(
    (e5) => (e5 * Math.PI) / 1.8e7,
  ) as [number, number, number, number]
  const haversine =
    Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin((lng2 - lng1) / 2) ** 2
  return Math.round((12_742.0176 * Math.asin(Math.min(1, Math.sqrt(haversine))) * roadPermille) / 1000)
}

class Check {
  readonly violations: Violation[] = []
  readonly #instance: Instance
  readonly #plan: Plan
  readonly #alerts: ReadonlyMap<string, Alert>
  readonly #merchants: ReadonlyMap<string, Merchant>

  constructor(instance: Instance, plan: Plan) {
    this.#instance = instance
    this.#plan = plan
    this.#alerts = new Map(instance.alerts.map((alert) => [alert.id, alert]))
    this.#merchants = new Map(instance.merchants.map((merchant) => [merchant.id, merchant]))
  }

  say(rule: string, holds: boolean, text: string): void {
    if (!holds) this.violations.push({ rule, text })
  }

  /** Every condition between the alert and the merchant of a flow that is not frozen. */
  flow(flow: Flow): void {
    const alert = this.#alerts.get(flow.alertId)
    const merchant = this.#merchants.get(flow.merchantId)
    const at = `${flow.alertId} -> ${flow.merchantId}, day ${flow.day}`
    if (alert === undefined || merchant === undefined) {
      this.say('flow', false, `${at}: not in the instance`)
      return
    }
    this.say('flow', Number.isSafeInteger(flow.grams) && flow.grams > 0, `${at}: ${flow.grams} g`)
    if (flow.frozen) return
    const km = kilometres(alert, merchant, this.#instance.rules.roadPermille)
    const sameFamily = merchant.families.some((family) => `${alert.family}/`.startsWith(`${family}/`))
    const price = merchant.offersFenPerKg[alert.produce] ?? merchant.offersFenPerKg['*'] ?? -1
    const life = merchant.cold ? Math.max(alert.ambientLifeDays, alert.coldLifeDays ?? 0) : alert.ambientLifeDays
    const picked = alert.pickedOn ?? flow.day
    const market = flow.day + merchant.packingDays + Math.floor(km / merchant.kmPerDay + 0.5)
    const code = String(alert.region)
    this.say(
      'refused',
      !this.#instance.excluded.some(({ alertId, merchantId }) => alertId === alert.id && merchantId === merchant.id),
      at,
    )
    this.say('produce', sameFamily || merchant.produce.includes(alert.produce), at)
    this.say('grade', alert.grade === null || merchant.grades.length === 0 || merchant.grades.includes(alert.grade), at)
    this.say(
      'region',
      merchant.regions.length === 0 ||
        merchant.regions.some((region) => [2, 4, 6].includes(String(region).length) && code.startsWith(String(region))),
      at,
    )
    this.say('reach', km <= merchant.reachKm, `${at}: ${km} km`)
    this.say('cold', merchant.cold || !alert.needsCold, at)
    this.say('floor', alert.floorFenPerKg === null || price >= alert.floorFenPerKg, `${at}: ${price} fen per kg`)
    this.say('window', flow.day >= 0 && flow.day < this.#instance.days, at)
    this.say(
      'window',
      alert.pickedOn === null ? flow.day >= alert.pickFrom && flow.day <= alert.pickTo : flow.day >= alert.pickedOn,
      at,
    )
    this.say('life', market - picked <= life, `${at}: at the market on day ${market}`)
    this.say('lot_minimum', flow.grams >= merchant.lotMinG, `${at}: ${flow.grams} g`)
    this.say('cost', flow.marketDay === market, `${at}: market day ${flow.marketDay}, not ${market}`)
  }

  /** Sums of flows. What frozen flows alone break is a clash and no violation of the plan. */
  sums(): void {
    const { flows } = this.#plan
    const { alerts, merchants, rules } = this.#instance
    const supplyG = alerts.reduce((total, { grams }) => total + grams, 0)
    const fairG = Math.max(rules.shareFreeG, Math.floor((supplyG / 1000) * rules.shareMaxPermille))
    this.#within(
      'supply',
      flows,
      ({ alertId }) => keyOf(alertId),
      ({ alertId }) => this.#alerts.get(alertId)?.grams ?? 0,
    )
    this.#within(
      'capacity',
      flows,
      ({ merchantId, day }) => (day < 0 ? null : keyOf(merchantId, day)),
      ({ merchantId, day }) => {
        const capacityG = this.#merchants.get(merchantId)?.capacityG ?? 0
        return typeof capacityG === 'number' ? capacityG : (capacityG[day] ?? 0)
      },
    )
    this.#within(
      'cap_total',
      flows,
      ({ merchantId }) => keyOf(merchantId),
      ({ merchantId }) => this.#merchants.get(merchantId)?.capTotalG ?? 0,
    )
    this.#within(
      'fair_share',
      flows,
      ({ merchantId }) => keyOf(merchantId),
      () => fairG,
    )
    for (const { id, merchantsMax } of alerts) {
      const own = flows.filter(({ alertId }) => alertId === id)
      const frozen = new Set(own.filter((flow) => flow.frozen).map(({ merchantId }) => merchantId))
      const all = new Set(own.map(({ merchantId }) => merchantId))
      this.say('merchants_max', all.size <= Math.max(merchantsMax, frozen.size), `${id}: ${all.size} merchants`)
    }
    const lots = new Set<string>()
    for (const { alertId, merchantId, day, frozen } of flows) {
      if (frozen) continue
      const key = keyOf(alertId, merchantId, day)
      this.say('flow', !lots.has(key), `${key} is there twice`)
      lots.add(key)
    }
    this.say('merchants', merchants.length === this.#merchants.size, 'merchants are not unique')
  }

  #within(
    rule: string,
    flows: readonly Flow[],
    keyOfFlow: (flow: Flow) => string | null,
    limitOf: (flow: Flow) => number,
  ): void {
    for (const [key, group] of Map.groupBy(flows, keyOfFlow)) {
      const [first] = group
      if (key === null || first === undefined) continue
      const total = group.reduce((sum, { grams }) => sum + grams, 0)
      const frozen = group.reduce((sum, flow) => sum + (flow.frozen ? flow.grams : 0), 0)
      this.say(rule, total <= Math.max(limitOf(first), frozen), `${key}: ${total} g of ${limitOf(first)} g`)
    }
  }

  /** Frozen flows are there as they are, and nothing else is called frozen. */
  frozen(): void {
    const count = (lots: ReadonlyArray<Frozen | Flow>) =>
      lots.map(({ alertId, merchantId, day, grams }) => keyOf(alertId, merchantId, day, grams)).sort()
    const kept = count(this.#plan.flows.filter(({ frozen }) => frozen))
    this.say(
      'frozen',
      keyOf(...kept) === keyOf(...count(this.#instance.frozen)),
      'frozen flows are not what was agreed',
    )
  }

  /** Costs add up to the objective, the unsold to what is missing, and the bound is none that is exceeded. */
  figures(): void {
    const { flows, unsold, costs, objectiveFen, boundFen, gap } = this.#plan
    const { rules } = this.#instance
    for (const { id, grams, listed, households } of this.#instance.alerts) {
      const sold = flows.reduce((sum, flow) => sum + (flow.alertId === id ? flow.grams : 0), 0)
      const rest = unsold.find(({ alertId }) => alertId === id)
      this.say(
        'unsold',
        (rest?.grams ?? 0) === Math.max(0, grams - sold),
        `${id}: ${rest?.grams} g, not ${grams - sold}`,
      )
      const fenPerKg =
        rules.unsoldFenPerKg +
        (listed ? rules.listedFenPerKg : 0) +
        (rules.householdFenPerKg * Math.min(100, households)) / 100
      const wantedFen = ((rest?.grams ?? 0) / 1000) * fenPerKg
      this.say(
        'cost',
        Math.abs((rest?.costFen ?? 0) - wantedFen) <= 1 + 1e-9 * wantedFen,
        `${id}: unsold costs ${rest?.costFen}, not ${wantedFen}`,
      )
    }
    for (const { cost, grams, alertId, merchantId } of flows) {
      this.say(
        'cost',
        cost.totalFen === cost.freightFen + cost.qualityFen + cost.riskFen,
        `${alertId} -> ${merchantId}: parts`,
      )
      const [alert, merchant] = [this.#alerts.get(alertId), this.#merchants.get(merchantId)]
      if (alert === undefined || merchant === undefined) continue
      const freightFen = (grams / 1e6) * kilometres(alert, merchant, rules.roadPermille) * rules.freightFenPerTonneKm
      this.say(
        'cost',
        Math.abs(cost.freightFen - freightFen) <= 1 + 1e-9 * freightFen,
        `${alertId} -> ${merchantId}: freight ${cost.freightFen}, not ${freightFen}`,
      )
    }
    const sum =
      flows.reduce((total, { cost }) => total + cost.totalFen, 0) +
      unsold.reduce((total, { costFen }) => total + costFen, 0)
    this.say(
      'cost',
      objectiveFen === sum && objectiveFen === costs.freightFen + costs.qualityFen + costs.riskFen + costs.unsoldFen,
      `objective ${objectiveFen}, flows and unsold ${sum}`,
    )
    this.say(
      'bound',
      boundFen <= objectiveFen && Math.abs(gap - (objectiveFen - boundFen) / Math.max(1, boundFen)) < 1e-9,
      `bound ${boundFen}, gap ${gap}`,
    )
  }
}

/**
 * Every way in which the plan breaks a condition of the instance or contradicts itself; empty when it is sound. Frozen flows
 * are facts: what they break by themselves is for the plan's clashes to say.
 */
export function checkPlan(instance: Instance, plan: Plan): Violation[] {
  const check = new Check(instance, plan)
  for (const flow of plan.flows) check.flow(flow)
  check.sums()
  check.frozen()
  check.figures()
  return check.violations
}
