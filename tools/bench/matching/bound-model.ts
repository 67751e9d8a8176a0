/**
 * The whole integer model of an instance, written here from the conditions and costs alone and not from the solver's own
 * model, so that the benchmark's bound does not lean on what it judges. In tonnes, because grams would not scale.
 *
 * For an alert a, a merchant m who fits and a day d: x[a,m,d] tonnes fetched, z[a,m,d] = 1 if anything is, y[a,m] = 1 if m
 * gets anything of a. Cost is that of the flows less the penalty they save, plus the penalty of everything.
 */

import {
  capacityOn,
  misfit,
  pickUpDays,
  roadKm,
  unitCost,
  unsoldFenPerTonne,
} from '../../../packages/matching/src/fit.ts'
import type { Alert, Instance, Merchant } from '../../../packages/matching/src/index.ts'

const TONNE_G = 1_000_000

export interface BoundModel {
  /** Cost, upper bound, whether integer; all begin at 0. */
  readonly columns: { costFen: number; upper: number; integer: boolean }[]
  /** Sums of columns with their factors that may not exceed a limit. */
  readonly rows: { upper: number; indices: number[]; values: number[] }[]
  /** Cost when nothing at all is sold. */
  readonly offsetFen: number
  /** The most by which costs in whole fen, each part rounded by itself, can be lower than those of the model. */
  readonly roundingFen: number
}

interface Arc {
  readonly alert: Alert
  readonly merchant: Merchant
  readonly day: number
  readonly x: number
  /** Undefined where the model has no lots. */
  readonly z: number | undefined
  readonly mostT: number
}

/**
 * With `lots` the whole model; without, z and the least lots are left out, which is a relaxation a third of the size and so
 * bounds every plan as well. Instances with frozen flows have no bound here; the benchmark's have none.
 */
export function buildBoundModel(instance: Instance, lots: boolean): BoundModel {
  if (instance.frozen.length > 0) throw new Error('the bound model knows no frozen flows')
  const columns: BoundModel['columns'] = []
  const rows: BoundModel['rows'] = []
  const column = (costFen: number, upper: number, integer: boolean) => columns.push({ costFen, upper, integer }) - 1
  const row = (upper: number, terms: [number, number][]) =>
    rows.push({ upper, indices: terms.map(([index]) => index), values: terms.map(([, value]) => value) })
  const totalsT = totalLimitsT(instance)
  const arcs: Arc[] = []
  let offsetFen = 0
  let roundingFen = 0
  for (const alert of instance.alerts) {
    const supplyT = alert.grams / TONNE_G
    const unsoldFen = unsoldFenPerTonne(alert, instance.rules)
    offsetFen += supplyT * unsoldFen
    const fitting: Arc[][] = []
    for (const merchant of instance.merchants) {
      const pair = drawArcs(instance, alert, merchant, Math.min(supplyT, totalsT.get(merchant.id) ?? 0), column, lots)
      if (pair.length > 0) fitting.push(pair)
    }
    if (fitting.length > alert.merchantsMax) limitMerchants(alert, fitting, totalsT, column, row)
    const own = fitting.flat()
    row(
      supplyT,
      own.map(({ x }) => [x, 1]),
    )
    for (const { merchant, x, z, mostT } of own) {
      if (z === undefined) continue
      const lotMinT = merchant.lotMinG / TONNE_G
      row(0, [
        [x, 1],
        [z, -mostT],
      ])
      row(0, [
        [z, lotMinT],
        [x, -1],
      ])
    }
    arcs.push(...own)
    roundingFen += 0.5 + 1.5 * Math.min(fitting.length, alert.merchantsMax) * instance.days
  }
  limitCapacities(totalsT, arcs, row)
  return { columns, rows, offsetFen, roundingFen: Math.ceil(roundingFen) }
}

type AddColumn = (costFen: number, upper: number, integer: boolean) => number
type AddRow = (upper: number, terms: [number, number][]) => void

/** Least of a merchant's own total and the fair share. */
function totalLimitsT({ alerts, merchants, rules }: Instance): Map<string, number> {
  const allG = alerts.reduce((sum, { grams }) => sum + grams, 0)
  const fairG = Math.max(rules.shareFreeG, Math.floor((allG * rules.shareMaxPermille) / 1_000))
  return new Map(merchants.map(({ id, capTotalG }) => [id, Math.min(capTotalG, fairG) / TONNE_G]))
}

/** Days on which the merchant can fetch from the alert and it costs less than the loss. */
function drawArcs(
  instance: Instance,
  alert: Alert,
  merchant: Merchant,
  mostT: number,
  column: AddColumn,
  lots: boolean,
): Arc[] {
  const km = roadKm(alert, merchant, instance.rules)
  if (misfit(instance, new Set(), alert, merchant, km) !== null) return []
  const { first, last } = pickUpDays(alert, merchant, km, instance.days)
  const arcs: Arc[] = []
  for (let day = first; day <= last; day += 1) {
    const dayMostT = Math.min(mostT, capacityOn(merchant, day) / TONNE_G)
    const gainFen =
      unitCost(alert, merchant, km, day, instance.rules).totalFen - unsoldFenPerTonne(alert, instance.rules)
    if (gainFen >= 0 || dayMostT < merchant.lotMinG / TONNE_G || dayMostT === 0) continue
    const x = column(gainFen, dayMostT, false)
    arcs.push({ alert, merchant, day, x, z: lots ? column(0, 1, true) : undefined, mostT: dayMostT })
  }
  return arcs
}

/** At most so many merchants for the alert; said for each day and for the sum of the days, which is tighter. */
function limitMerchants(
  alert: Alert,
  fitting: Arc[][],
  totalsT: ReadonlyMap<string, number>,
  column: AddColumn,
  row: AddRow,
): void {
  const chosen: [number, number][] = []
  for (const pair of fitting) {
    const y = column(0, 1, true)
    const id = pair[0]?.merchant.id ?? ''
    const daysT = pair.reduce((sum, { mostT }) => sum + mostT, 0)
    chosen.push([y, 1])
    row(0, [
      ...pair.map(({ x }): [number, number] => [x, 1]),
      [y, -Math.min(alert.grams / TONNE_G, totalsT.get(id) ?? 0, daysT)],
    ])
    for (const { z } of pair)
      if (z !== undefined)
        row(0, [
          [z, 1],
          [y, -1],
        ])
  }
  row(alert.merchantsMax, chosen)
}

/** What a merchant can fetch on a day and in all, in tonnes, and in lots where the least lot allows fewer than there could be. */
function limitCapacities(totalsT: ReadonlyMap<string, number>, arcs: Arc[], row: AddRow): void {
  const byMerchant = Map.groupBy(arcs, ({ merchant }) => merchant)
  for (const [merchant, own] of byMerchant) {
    const lotMinT = merchant.lotMinG / TONNE_G
    const limit = (some: Arc[], mostT: number) => {
      row(
        mostT,
        some.map(({ x }) => [x, 1]),
      )
      const lots = lotMinT === 0 ? some.length : Math.floor(mostT / lotMinT + 1e-9)
      if (lots < some.length && some[0]?.z !== undefined)
        row(
          lots,
          some.flatMap(({ z }) => (z === undefined ? [] : [[z, 1] as [number, number]])),
        )
    }
    limit(own, totalsT.get(merchant.id) ?? 0)
    for (const [day, some] of Map.groupBy(own, ({ day }) => day)) limit(some, capacityOn(merchant, day) / TONNE_G)
  }
}
