import type { Highs } from 'highs'
import type { Draft, Lot } from './draft.ts'
import type { Network } from './network.ts'

const GRAMS_PER_TONNE = 1e6
const COST_SCALE = 1e3

/** When an integer model is given up: at this relative gap, or after so many nodes of the search. */
export interface Effort {
  readonly gap: number
  readonly nodes: number
}

/** What came of it. `gainBound` bounds the gain of the whole draft as long as the lots of the other alerts stay as they are. */
export interface Outcome {
  readonly better: boolean
  readonly gainBound: number
}

const toleranceG = 2

/** A small integer model laid out column by column. */
class Layout {
  readonly colCost: number[] = []
  readonly colUpper: number[] = []
  readonly integrality: Array<0 | 1> = []
  readonly rowLower: number[] = []
  readonly rowUpper: number[] = []
  readonly entries: Array<Array<[row: number, value: number]>> = []

  row(lower: number, upper: number): number {
    this.rowLower.push(lower)
    return this.rowUpper.push(upper) - 1
  }

  column(cost: number, upper: number, integer: 0 | 1): number {
    this.colCost.push(cost)
    this.integrality.push(integer)
    this.entries.push([])
    return this.colUpper.push(upper) - 1
  }

  put(column: number, row: number, value: number): void {
    this.entries[column]?.push([row, value])
  }

  /** As HiGHS wants it. */
  model() {
    const numCols = this.colCost.length
    const numRows = this.rowLower.length
    const starts = new Int32Array(numCols + 1)
    this.entries.forEach((list, column) => {
      starts[column + 1] = (starts[column] as number) + list.length
    })
    const flat = this.entries.flat()
    const { colCost, colUpper, rowLower, rowUpper } = this
    return {
      numCols,
      numRows,
      colCost,
      colLower: new Float64Array(numCols),
      colUpper,
      rowLower,
      rowUpper,
      integrality: Int32Array.from(this.integrality),
      matrix: {
        format: 'csc' as const,
        numRows,
        numCols,
        starts,
        indices: Int32Array.from(flat, ([row]) => row),
        values: Float64Array.from(flat, ([, value]) => value),
      },
    }
  }
}

interface Variables {
  readonly amount: Map<number, number>
  readonly lot: Map<number, number>
  readonly pair: Map<number, number>
}

/** A row that is made when it is first asked for. */
function rowsBy(layout: Layout, limitOf: (key: number) => number): (key: number) => number {
  const rows = new Map<number, number>()
  return (key) => {
    const known = rows.get(key)
    if (known !== undefined) return known
    const row = layout.row(-Infinity, limitOf(key))
    rows.set(key, row)
    return row
  }
}

/** Lays out the arcs with all conditions. The draft must not hold lots of the alerts that the arcs belong to. */
function layOut(draft: Draft, arcs: readonly number[], layout: Layout): Variables {
  const { arcPair, arcSlot, arcGain, pairAlert, pairMerchant, pairFree, lotMinG } = draft.network
  const supplyRow = rowsBy(layout, (alert) => (draft.supplyLeftG[alert] as number) / GRAMS_PER_TONNE)
  const totalRow = rowsBy(layout, (merchant) => (draft.totalLeftG[merchant] as number) / GRAMS_PER_TONNE)
  const capacityRow = rowsBy(layout, (slot) => (draft.capacityLeftG[slot] as number) / GRAMS_PER_TONNE)
  const slotsRow = rowsBy(layout, (alert) => draft.slotsLeft[alert] as number)
  const pairRow = rowsBy(layout, () => 0)
  const variables: Variables = { amount: new Map(), lot: new Map(), pair: new Map() }
  const crowded = crowdedAlerts(draft, arcs)
  for (const arc of arcs) {
    const pair = arcPair[arc] as number
    const alert = pairAlert[pair] as number
    const merchant = pairMerchant[pair] as number
    const roomT = draft.roomOn(arc) / GRAMS_PER_TONNE
    const lotT = (lotMinG[merchant] as number) / GRAMS_PER_TONNE
    const amount = layout.column(-(arcGain[arc] as number) / COST_SCALE, roomT, 0)
    variables.amount.set(arc, amount)
    layout.put(amount, supplyRow(alert), 1)
    layout.put(amount, totalRow(merchant), 1)
    layout.put(amount, capacityRow(arcSlot[arc] as number), 1)
    const lot = layout.column(0, 1, 1)
    variables.lot.set(arc, lot)
    const atMost = layout.row(-Infinity, 0)
    layout.put(amount, atMost, 1)
    layout.put(lot, atMost, -roomT)
    const atLeast = layout.row(0, Infinity)
    layout.put(amount, atLeast, 1)
    layout.put(lot, atLeast, -lotT)
    if (pairFree[pair] === 1 || !crowded.has(alert)) continue
    let used = variables.pair.get(pair)
    if (used === undefined) {
      used = layout.column(0, 1, 1)
      variables.pair.set(pair, used)
      layout.put(used, slotsRow(alert), 1)
      layout.put(
        used,
        pairRow(pair),
        -Math.min(draft.supplyLeftG[alert] as number, draft.totalLeftG[merchant] as number) / GRAMS_PER_TONNE,
      )
    }
    layout.put(amount, pairRow(pair), 1)
    const onlyIf = layout.row(-Infinity, 0)
    layout.put(lot, onlyIf, 1)
    layout.put(used, onlyIf, -1)
  }
  return variables
}

/** Alerts with more merchants among the arcs than they may have. */
function crowdedAlerts(draft: Draft, arcs: readonly number[]): Set<number> {
  const { arcPair, pairAlert, pairFree } = draft.network
  const pairs = new Map<number, Set<number>>()
  for (const arc of arcs) {
    const pair = arcPair[arc] as number
    if (pairFree[pair] === 1) continue
    const alert = pairAlert[pair] as number
    const known = pairs.get(alert) ?? new Set()
    pairs.set(alert, known.add(pair))
  }
  return new Set(
    [...pairs].filter(([alert, known]) => known.size > (draft.slotsLeft[alert] as number)).map(([alert]) => alert),
  )
}

/**
 * Gives the alerts the best lots on `arcs` (all of these alerts) for the room that the others leave, by the integer model in
 * full. Changes the draft only when that is better.
 */
export function reassign(
  draft: Draft,
  highs: Highs,
  alerts: readonly number[],
  arcs: readonly number[],
  seconds: number,
  effort: Effort,
): Outcome {
  const { network } = draft
  const before = draft.gain
  const old: Lot[] = []
  for (const alert of alerts) draft.clearAlert(alert, old)
  const layout = new Layout()
  const open = arcs.filter(
    (arc) =>
      draft.roomOn(arc) >= (network.lotMinG[network.pairMerchant[network.arcPair[arc] as number] as number] as number),
  )
  const variables = layOut(draft, open, layout)
  const others = draft.gain
  const found = open.length === 0 ? null : run(highs, layout, variables, old, network, seconds, effort)
  // The model counts tonnes to a millionth: what could be gained by a few grams more is added.
  const slack = alerts.reduce((sum, alert) => sum + toleranceG * (network.unsoldFen[alert] as number), 0)
  const gainBound = others + (found === null ? 0 : found.gainBound * (1 + 1e-9) + slack)
  for (const { arc, grams } of (found?.lots ?? []).sort((a, b) => b.grams - a.grams || a.arc - b.arc)) {
    const pair = network.arcPair[arc] as number
    const fitting = Math.min(grams, draft.roomOn(arc))
    const lotG = network.lotMinG[network.pairMerchant[pair] as number] as number
    if (draft.isOpen(pair) && fitting >= lotG) draft.add(arc, fitting)
  }
  if (draft.gain > before * (1 + 1e-12)) return { better: true, gainBound }
  for (const alert of alerts) draft.clearAlert(alert, [])
  for (const { arc, grams } of old) draft.add(arc, grams)
  draft.gain = before
  return { better: false, gainBound: open.length > 0 && found === null ? Number.POSITIVE_INFINITY : gainBound }
}

function run(
  highs: Highs,
  layout: Layout,
  variables: Variables,
  old: readonly Lot[],
  network: Network,
  seconds: number,
  { gap, nodes }: Effort,
): { lots: Lot[]; gainBound: number } | null {
  return highs.withModel(layout.model(), (model) => {
    model.options.set({
      output_flag: false,
      time_limit: Math.max(0.01, seconds),
      mip_rel_gap: gap,
      mip_max_nodes: nodes,
    })
    const start = new Float64Array(layout.colCost.length)
    for (const { arc, grams } of old) {
      const [amount, lot, pair] = [
        variables.amount.get(arc),
        variables.lot.get(arc),
        variables.pair.get(network.arcPair[arc] as number),
      ]
      if (amount !== undefined) start[amount] = grams / GRAMS_PER_TONNE
      if (lot !== undefined) start[lot] = 1
      if (pair !== undefined) start[pair] = 1
    }
    model.setSolution({ colValue: start })
    model.run()
    const { colValue } = model.getSolution()
    if (colValue.length === 0 || !Number.isFinite(model.getObjectiveValue())) return null
    const lots: Lot[] = []
    for (const [arc, column] of variables.amount) {
      const grams = Math.round((colValue[column] as number) * GRAMS_PER_TONNE)
      if (grams > 0) lots.push({ arc, grams })
    }
    const gainBound = -Number(model.info.get('mip_dual_bound')) * COST_SCALE * GRAMS_PER_TONNE
    return { lots, gainBound }
  })
}
