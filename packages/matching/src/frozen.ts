import { capacityOn, misfit, pairKey, roadKm } from './fit.ts'
import type { Instance } from './instance.ts'
import type { Clash } from './plan.ts'

/** What is left of every quantity after the frozen flows, never below zero, and what they contradict. */
export interface Remainder {
  /** Grams left by alert. */
  readonly supplyG: Float64Array
  /** Grams left by merchant * days + day. */
  readonly capacityG: Float64Array
  /** Grams left by merchant: working capital and fair share. */
  readonly totalG: Float64Array
  /** Merchants by alert who have frozen flows; more for them takes no further slot. */
  readonly partners: ReadonlyArray<ReadonlySet<number>>
  readonly clashes: readonly Clash[]
}

/** Most grams that fairness allows one merchant in the whole plan. */
export function fairShareG({ alerts, rules }: Instance): number {
  const supplyG = alerts.reduce((sum, { grams }) => sum + grams, 0)
  return Math.max(rules.shareFreeG, Math.floor((supplyG / 1000) * rules.shareMaxPermille))
}

export function indexById(items: ReadonlyArray<{ id: string }>): Map<string, number> {
  return new Map(items.map(({ id }, index) => [id, index]))
}

export function refusedPairs(instance: Instance): Set<string> {
  return new Set(instance.excluded.map(({ alertId, merchantId }) => pairKey(alertId, merchantId)))
}

const nobody = { alertId: null, merchantId: null, day: null }

/** Conditions between alert and merchant that frozen flows do not meet, one clash for a pair. */
function pairClashes(instance: Instance, alertIndex: Map<string, number>, merchantIndex: Map<string, number>): Clash[] {
  const refused = refusedPairs(instance)
  const clashes: Clash[] = []
  const seen = new Set<string>()
  for (const { alertId, merchantId, overruled } of instance.frozen) {
    const alert = instance.alerts[alertIndex.get(alertId) ?? -1]
    const merchant = instance.merchants[merchantIndex.get(merchantId) ?? -1]
    const key = pairKey(alertId, merchantId)
    if (alert === undefined || merchant === undefined || overruled === true || seen.has(key)) continue
    seen.add(key)
    const condition = misfit(instance, refused, alert, merchant, roadKm(alert, merchant, instance.rules))
    if (condition === null || condition === 'lot_minimum' || condition === 'capacity') continue
    // A window that has passed since the offer was accepted is no contradiction: the lot is on its way.
    if (
      (condition === 'window' || condition === 'life') &&
      instance.frozen.some((lot) => lot.day < 0 && pairKey(lot.alertId, lot.merchantId) === key)
    )
      continue
    clashes.push({
      ...nobody,
      condition,
      alertId,
      merchantId,
      wanted: null,
      allowed: null,
      text: `${alertId} -> ${merchantId} is frozen, but the condition "${condition}" does not hold`,
    })
  }
  return clashes
}

interface Use {
  readonly supplyG: Float64Array
  readonly capacityG: Float64Array
  readonly totalG: Float64Array
  readonly partners: Set<number>[]
}

function useOf(instance: Instance, alertIndex: Map<string, number>, merchantIndex: Map<string, number>): Use {
  const { alerts, merchants, days } = instance
  const use: Use = {
    supplyG: new Float64Array(alerts.length),
    capacityG: new Float64Array(merchants.length * days),
    totalG: new Float64Array(merchants.length),
    partners: alerts.map(() => new Set()),
  }
  for (const { alertId, merchantId, day, grams } of instance.frozen) {
    const alert = alertIndex.get(alertId)
    const merchant = merchantIndex.get(merchantId)
    if (alert === undefined || merchant === undefined) continue
    use.supplyG[alert] = (use.supplyG[alert] ?? 0) + grams
    use.totalG[merchant] = (use.totalG[merchant] ?? 0) + grams
    if (day >= 0) use.capacityG[merchant * days + day] = (use.capacityG[merchant * days + day] ?? 0) + grams
    use.partners[alert]?.add(merchant)
  }
  return use
}

/** Subtracts the frozen flows from the instance. */
export function remainderOf(instance: Instance): Remainder {
  const { alerts, merchants, days } = instance
  const alertIndex = indexById(alerts)
  const merchantIndex = indexById(merchants)
  const use = useOf(instance, alertIndex, merchantIndex)
  const clashes = pairClashes(instance, alertIndex, merchantIndex)
  const left = (
    wanted: number,
    allowed: number,
    clash: Pick<Clash, 'condition' | 'alertId' | 'merchantId' | 'day'>,
  ) => {
    if (wanted > allowed) {
      const where = [clash.alertId, clash.merchantId, clash.day === null ? null : `day ${clash.day}`].filter(
        (part) => part !== null,
      )
      const text = `${where.join(', ')}: frozen flows ask for ${wanted}, the condition "${clash.condition}" allows ${allowed}`
      clashes.push({ ...clash, wanted, allowed, text })
    }
    return Math.max(0, allowed - wanted)
  }
  const supplyG = Float64Array.from(alerts, ({ id, grams, merchantsMax }, alert) => {
    const clash = { ...nobody, alertId: id }
    left(use.partners[alert]?.size ?? 0, merchantsMax, { ...clash, condition: 'merchants_max' })
    return left(use.supplyG[alert] ?? 0, grams, { ...clash, condition: 'supply' })
  })
  const capacityG = Float64Array.from({ length: merchants.length * days }, (_, slot) => {
    const merchant = merchants[Math.floor(slot / days)]
    if (merchant === undefined) return 0
    const day = slot % days
    return left(use.capacityG[slot] ?? 0, capacityOn(merchant, day), {
      ...nobody,
      merchantId: merchant.id,
      day,
      condition: 'capacity',
    })
  })
  const fairG = fairShareG(instance)
  const totalG = Float64Array.from(merchants, ({ id, capTotalG }, merchant) => {
    const usedG = use.totalG[merchant] ?? 0
    const leftG = left(usedG, capTotalG, { ...nobody, merchantId: id, condition: 'cap_total' })
    return Math.max(0, Math.min(leftG, fairG - usedG))
  })
  return { supplyG, capacityG, totalG, partners: use.partners, clashes }
}
