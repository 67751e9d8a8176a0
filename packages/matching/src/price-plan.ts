import type { Draft } from './draft.ts'
import { costOf, priceFenPerKg, roadKm, transitDays, unitCost, unsoldFenPerTonne } from './fit.ts'
import { indexById } from './frozen.ts'
import type { Alert, Instance, Merchant } from './instance.ts'
import type { Flow, Plan } from './plan.ts'

interface PricedPlan {
  /** By alert in the order of the instance, then by day and merchant. */
  readonly flows: Flow[]
  /** Grams in flows, by alert. */
  readonly soldG: Float64Array
  readonly costs: Plan['costs']
  readonly objectiveFen: number
}

/** A flow with its price and cost. */
function flowOf(
  instance: Instance,
  alert: Alert,
  merchant: Merchant,
  day: number,
  grams: number,
  frozen: boolean,
): Flow {
  const km = roadKm(alert, merchant, instance.rules)
  return {
    alertId: alert.id,
    merchantId: merchant.id,
    day,
    grams,
    priceFenPerKg: priceFenPerKg(alert, merchant),
    marketDay: day + merchant.packingDays + transitDays(km, merchant),
    cost: costOf(grams, unitCost(alert, merchant, km, day, instance.rules)),
    frozen,
  }
}

/** What stays unsold of an alert costs, in whole fen. */
export function unsoldCostFen(instance: Instance, alert: Alert, grams: number): number {
  return Math.round((grams * unsoldFenPerTonne(alert, instance.rules)) / 1e6)
}

/** The frozen flows and the lots of the draft as flows with their costs. */
export function pricePlan(instance: Instance, draft: Draft): PricedPlan {
  const { alerts, merchants } = instance
  const { arcPair, arcDay, pairAlert, pairMerchant } = draft.network
  const alertIndex = indexById(alerts)
  const merchantIndex = indexById(merchants)
  const soldG = new Float64Array(alerts.length)
  const sorted: Array<{ alert: number; merchant: number; flow: Flow }> = []
  const put = (alert: number, merchant: number, day: number, grams: number, frozen: boolean) => {
    const [from, to] = [alerts[alert], merchants[merchant]]
    if (from === undefined || to === undefined) return
    soldG[alert] = (soldG[alert] ?? 0) + grams
    sorted.push({ alert, merchant, flow: flowOf(instance, from, to, day, grams, frozen) })
  }
  for (const { alertId, merchantId, day, grams } of instance.frozen)
    put(alertIndex.get(alertId) ?? -1, merchantIndex.get(merchantId) ?? -1, day, grams, true)
  for (const { arc, grams } of draft.lots()) {
    const pair = arcPair[arc] ?? -1
    put(pairAlert[pair] ?? -1, pairMerchant[pair] ?? -1, arcDay[arc] ?? 0, grams, false)
  }
  sorted.sort((a, b) => a.alert - b.alert || a.flow.day - b.flow.day || a.merchant - b.merchant)
  const flows = sorted.map(({ flow }) => flow)
  const costs = { freightFen: 0, qualityFen: 0, riskFen: 0, unsoldFen: 0 }
  for (const { cost } of flows) {
    costs.freightFen += cost.freightFen
    costs.qualityFen += cost.qualityFen
    costs.riskFen += cost.riskFen
  }
  alerts.forEach((alert, index) => {
    costs.unsoldFen += unsoldCostFen(instance, alert, Math.max(0, alert.grams - (soldG[index] ?? 0)))
  })
  return { flows, soldG, costs, objectiveFen: costs.freightFen + costs.qualityFen + costs.riskFen + costs.unsoldFen }
}
