import highsLoader, { type Highs, type Model } from 'highs'
import type { Network } from './network.ts'

const GRAMS_PER_TONNE = 1e6
/** Costs are passed on in thousands of fen a tonne, near one, as the solver's tolerances suppose. */
const COST_SCALE = 1e3

/** Whole fen that one more tonne of a merchant's day, a tonne of a merchant's total, or a merchant more for an alert would save. */
export interface Duals {
  /** By merchant * days + day. */
  readonly slotFen: Float64Array
  readonly totalFen: Float64Array
  /** By alert. */
  readonly mateFen: Float64Array
}

// The types of the package speak of its CommonJS build; what is imported is its ES module, whose default is the loader.
const loadHighs = highsLoader as unknown as () => Promise<Highs>
let loading: Promise<Highs> | undefined

/** The solver, loaded once in a process. */
export function loadSolver(): Promise<Highs> {
  loading ??= loadHighs()
  return loading
}

/** Rows of the relaxation; -1 where a condition cannot bind. */
interface Rows {
  readonly supply: Int32Array
  readonly slots: Int32Array
  readonly total: Int32Array
  readonly capacity: Int32Array
  readonly upper: number[]
}

function layRows(network: Network): Rows {
  const upper: number[] = []
  const row = (limit: number) => upper.push(limit) - 1
  const { supplyG, totalG, capacityG, pairStart, slots, arcSlot } = network
  const rows: Rows = {
    supply: Int32Array.from(supplyG, (grams) => row(grams / GRAMS_PER_TONNE)),
    slots: Int32Array.from(slots, (limit, alert) => {
      const pairs = (pairStart[alert + 1] as number) - (pairStart[alert] as number)
      return pairs > limit ? row(limit) : -1
    }),
    total: Int32Array.from(totalG, (grams) => row(grams / GRAMS_PER_TONNE)),
    capacity: new Int32Array(capacityG.length).fill(-1),
    upper,
  }
  for (const slot of arcSlot)
    if (rows.capacity[slot] === -1) rows.capacity[slot] = row((capacityG[slot] as number) / GRAMS_PER_TONNE)
  return rows
}

/** Columns are arcs in tonnes; a pair takes up its part of a slot by its part of the most that could go over it. */
function layColumns(network: Network, rows: Rows, arcs: readonly number[]) {
  const { arcPair, arcSlot, arcGain, pairAlert, pairMerchant, pairFree, pairMaxG } = network
  const count = arcs.length
  const starts = new Int32Array(count + 1)
  const indices = new Int32Array(4 * count)
  const values = new Float64Array(4 * count)
  const colCost = new Float64Array(count)
  let entries = 0
  const entry = (row: number, value: number) => {
    indices[entries] = row
    values[entries] = value
    entries += 1
  }
  arcs.forEach((arc, column) => {
    const pair = arcPair[arc] as number
    const alert = pairAlert[pair] as number
    entry(rows.supply[alert] as number, 1)
    const slotsRow = rows.slots[alert] as number
    if (slotsRow >= 0 && pairFree[pair] === 0) entry(slotsRow, GRAMS_PER_TONNE / (pairMaxG[pair] as number))
    entry(rows.total[pairMerchant[pair] as number] as number, 1)
    entry(rows.capacity[arcSlot[arc] as number] as number, 1)
    starts[column + 1] = entries
    colCost[column] = -(arcGain[arc] as number) / COST_SCALE
  })
  return { starts, indices: indices.subarray(0, entries), values: values.subarray(0, entries), colCost }
}

/** Up to so many arcs are laid out at once; of more, the relaxation begins with the best of each alert. */
const arcsAtOnce = 40_000
/** Most arcs added at a time: a few too many cost less than one more round. */
const arcsAdded = 30_000

/** The arcs to begin with: all, or for each alert those of its best pairs. */
function firstArcs({ arcPair, arcGain, arcStart, pairStart, supplyG }: Network): number[] {
  if (arcPair.length <= arcsAtOnce) return [...arcPair.keys()]
  const each = Math.max(20, Math.floor(arcsAtOnce / supplyG.length))
  const chosen: number[] = []
  for (let alert = 0; alert < supplyG.length; alert += 1) {
    const pairs: number[] = []
    for (let pair = pairStart[alert] as number; pair < (pairStart[alert + 1] as number); pair += 1) pairs.push(pair)
    // The first arc of a pair is its best.
    const best = (pair: number) => arcGain[arcStart[pair] as number] as number
    pairs.sort((a, b) => best(b) - best(a) || a - b)
    let count = 0
    for (const pair of pairs) {
      if (count >= each) break
      for (let arc = arcStart[pair] as number; arc < (arcStart[pair + 1] as number); arc += 1) chosen.push(arc)
      count += (arcStart[pair + 1] as number) - (arcStart[pair] as number)
    }
  }
  return chosen.sort((a, b) => a - b)
}

/**
 * The relaxation of the whole plan: lots may be of any size and a pair takes up only a part of a slot. Its best gain bounds
 * that of every plan from above. It stays open, so that arcs can be closed and it is solved again from where it was.
 */
export class Relaxation {
  readonly #network: Network
  readonly #rows: Rows
  readonly #model: Model
  readonly #highs: Highs
  /** Arcs by column, and columns by arc, -1 where an arc is not laid out. */
  readonly #arcs: number[]
  readonly #columns: Int32Array
  #rowDual: Float64Array = new Float64Array(0)
  #colValue: Float64Array = new Float64Array(0)

  constructor(network: Network, highs: Highs) {
    this.#network = network
    this.#highs = highs
    this.#rows = layRows(network)
    this.#arcs = firstArcs(network)
    this.#columns = new Int32Array(network.arcPair.length).fill(-1)
    this.#arcs.forEach((arc, column) => {
      this.#columns[arc] = column
    })
    const { starts, indices, values, colCost } = layColumns(network, this.#rows, this.#arcs)
    const numCols = this.#arcs.length
    const numRows = this.#rows.upper.length
    this.#model = highs.createModel({
      numCols,
      numRows,
      colCost,
      colLower: new Float64Array(numCols),
      colUpper: new Float64Array(numCols).fill(highs.infinity),
      rowLower: new Float64Array(numRows).fill(-highs.infinity),
      rowUpper: this.#rows.upper,
      matrix: { format: 'csc', numRows, numCols, starts, indices, values },
    })
    this.#model.options.set({ output_flag: false, presolve: 'off', solver: 'simplex' })
  }

  /** Solves with the arcs laid out, within the seconds; false when there is no optimum in that time. */
  solve(seconds: number): boolean {
    if (this.#arcs.length === 0) return true
    this.#model.options.set('time_limit', this.#model.getRunTime() + Math.max(0.01, seconds))
    this.#model.run()
    const isOptimal = this.#model.getModelStatus() === this.#highs.constants.modelStatus.optimal
    // Kept here: the model forgets its solution as soon as it is changed.
    const solution = this.#model.getSolution()
    this.#rowDual = solution.rowDual
    if (isOptimal) this.#colValue = solution.colValue
    return isOptimal
  }

  /**
   * Solves, adds the arcs that would have been worth it, and solves again until there are none or the time is over. Gives the
   * prices with the best bound on the way, and whether there was an optimum at all.
   */
  solveAll(secondsLeft: () => number): { duals: Duals; gainBound: number; isSolved: boolean } {
    const nothing = this.#pricesOf(new Float64Array(0))
    let best = { duals: nothing, gainBound: gainBound(this.#network, nothing), isSolved: false }
    while (secondsLeft() > 0) {
      const isOptimal = this.solve(secondsLeft())
      const duals = this.duals()
      const bound = gainBound(this.#network, duals)
      const isSolved = best.isSolved || isOptimal
      best = bound < best.gainBound ? { duals, gainBound: bound, isSolved } : { ...best, isSolved }
      const missing = isOptimal ? this.#missingArcs() : []
      if (missing.length === 0) break
      this.#add(missing)
    }
    return best
  }

  /** Arcs that are not laid out and gain more than the last optimum's prices ask for, the most promising first. */
  #missingArcs(): number[] {
    if (this.#arcs.length === this.#network.arcPair.length) return []
    const { arcPair, pairAlert } = this.#network
    const rowDual = this.#rowDual
    const netGain = netGains(this.#network, this.duals())
    const missing: Array<{ arc: number; excess: number }> = []
    this.#columns.forEach((column, arc) => {
      if (column >= 0) return
      const row = this.#rows.supply[pairAlert[arcPair[arc] as number] as number] as number
      const excess = netGain(arc) + (rowDual[row] as number) * COST_SCALE
      if (excess > 2) missing.push({ arc, excess })
    })
    missing.sort((a, b) => b.excess - a.excess || a.arc - b.arc)
    return missing.slice(0, arcsAdded).map(({ arc }) => arc)
  }

  #add(arcs: readonly number[]): void {
    const { starts, indices, values, colCost } = layColumns(this.#network, this.#rows, arcs)
    this.#model.addCols({
      cost: colCost,
      lower: new Float64Array(arcs.length),
      upper: new Float64Array(arcs.length).fill(this.#highs.infinity),
      matrix: { format: 'csc', numRows: this.#rows.upper.length, numCols: arcs.length, starts, indices, values },
    })
    for (const arc of arcs) this.#columns[arc] = this.#arcs.push(arc) - 1
  }

  /** Tonnes by arc in the last optimum. */
  tonnes(): Float64Array {
    const tonnes = new Float64Array(this.#columns.length)
    this.#colValue.forEach((amount, column) => {
      tonnes[this.#arcs[column] as number] = amount
    })
    return tonnes
  }

  /** Closes arcs: nothing may flow over them from now on. */
  close(arcs: readonly number[]): void {
    const indices = Int32Array.from(arcs, (arc) => this.#columns[arc] as number)
      .filter((column) => column >= 0)
      .sort()
    const zero = new Float64Array(indices.length)
    this.#model.changeColsBounds({ kind: 'set', indices }, zero, zero)
  }

  /** Lets the pairs of an alert share slots no longer in parts: all that are still open may be used in full. */
  freeSlots(alert: number): void {
    const row = this.#rows.slots[alert] as number
    if (row >= 0) this.#model.changeRowBounds(row, -this.#highs.infinity, this.#highs.infinity)
  }

  /** What capacity and slots are worth in the last solution, optimal or not. */
  duals(): Duals {
    return this.#pricesOf(this.#rowDual)
  }

  #pricesOf(rowDual: Float64Array): Duals {
    const priceOf = (row: number) => (row < 0 ? 0 : Math.max(0, Math.round(-(rowDual[row] ?? 0) * COST_SCALE)))
    return {
      slotFen: Float64Array.from(this.#rows.capacity, priceOf),
      totalFen: Float64Array.from(this.#rows.total, priceOf),
      // The row counts slots and the columns tonnes: fen for a slot need no further scale.
      mateFen: Float64Array.from(this.#rows.slots, priceOf),
    }
  }

  dispose(): void {
    this.#model.dispose()
  }
}

/** What a tonne gains on an arc beyond what its capacity and its part of a slot cost at these prices. */
function netGains(network: Network, { slotFen, totalFen, mateFen }: Duals): (arc: number) => number {
  const { arcPair, arcSlot, arcGain, pairAlert, pairMerchant, pairFree, pairMaxG } = network
  const pairFen = Float64Array.from(pairAlert, (alert, pair) => {
    const part = pairFree[pair] === 1 ? 0 : ((mateFen[alert] as number) * GRAMS_PER_TONNE) / (pairMaxG[pair] as number)
    return part + (totalFen[pairMerchant[pair] as number] as number)
  })
  return (arc) =>
    (arcGain[arc] as number) - (pairFen[arcPair[arc] as number] as number) - (slotFen[arcSlot[arc] as number] as number)
}

/**
 * A gain that no plan can exceed, in fen per tonne times grams, by weak duality: any prices give one, those of the
 * relaxation the best. It holds whatever the tolerances of a solver and even when it was stopped early.
 */
export function gainBound(network: Network, duals: Duals): number {
  const { arcPair, pairAlert, supplyG, totalG, capacityG, slots, lostFen } = network
  const netGain = netGains(network, duals)
  const supplyFen = lostFen.slice()
  for (let arc = 0; arc < arcPair.length; arc += 1) {
    const alert = pairAlert[arcPair[arc] as number] as number
    const net = netGain(arc)
    if (net > (supplyFen[alert] as number)) supplyFen[alert] = net
  }
  const sum = (amounts: ArrayLike<number>, fen: Float64Array) =>
    fen.reduce((total, price, index) => total + price * (amounts[index] as number), 0)
  return (
    sum(supplyG, supplyFen) +
    sum(totalG, duals.totalFen) +
    sum(capacityG, duals.slotFen) +
    sum(slots, duals.mateFen) * GRAMS_PER_TONNE
  )
}
