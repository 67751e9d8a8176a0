/** `node tools/bench/matching/prove-child.ts NAME SECONDS`: a bound of one instance by HiGHS on the whole model, as a line of JSON. */
import { loadSolver } from '../../../packages/matching/src/relax.ts'
import { buildBoundModel } from './bound-model.ts'
import { drawInstance, type InstanceName, sizes } from './instances.ts'

export interface Proved {
  /** No plan costs less. */
  readonly boundFen: number
  readonly tookS: number
}

const [name = '', seconds = '600'] = process.argv.slice(2)
const size = sizes[name as InstanceName]
if (size === undefined) throw new Error(`no instance is called ${name}`)

/** With the lots of more alerts than this the model outgrows the memory that WebAssembly has. */
const LOTS_ALERTS = 300

const { columns, rows, offsetFen, roundingFen } = buildBoundModel(drawInstance(size), size.alerts <= LOTS_ALERTS)
process.stderr.write(`${columns.length} columns, ${rows.length} rows\n`)
const highs = await loadSolver()
const model = highs.createModel({
  numCols: columns.length,
  numRows: rows.length,
  offset: offsetFen,
  colCost: columns.map(({ costFen }) => costFen),
  colLower: columns.map(() => 0),
  colUpper: columns.map(({ upper }) => upper),
  rowLower: rows.map(() => -highs.infinity),
  rowUpper: rows.map(({ upper }) => upper),
  integrality: columns.map(({ integer }) =>
    integer ? highs.constants.variableType.integer : highs.constants.variableType.continuous,
  ),
  matrix: {
    format: 'csr',
    numRows: rows.length,
    numCols: columns.length,
    starts: startsOf(rows.map(({ indices }) => indices.length)),
    indices: rows.flatMap(({ indices }) => indices),
    values: rows.flatMap(({ values }) => values),
  },
})
// Heuristics look for plans, of which this wants none; what they take is memory, of which WebAssembly has little.
model.options.set({
  time_limit: Number(seconds),
  mip_rel_gap: 1e-4,
  mip_heuristic_effort: 0,
  mip_allow_restart: false,
  output_flag: false,
})
const startMs = performance.now()
let boundFen = Number.NEGATIVE_INFINITY
const keep = (bound: number | undefined): undefined => {
  if (bound !== undefined && Number.isFinite(bound)) boundFen = Math.max(boundFen, bound)
}
// The solver is noted down as it goes: a bound stays proved when the search ends early because memory does.
const { mipLogging, mipInterrupt } = highs.constants.callbackType
try {
  model.run({
    [mipLogging]: ({ data }) => keep(data.mip_dual_bound),
    [mipInterrupt]: ({ data }) => keep(data.mip_dual_bound),
  })
  keep(Number(model.info.get('mip_dual_bound')))
} catch (error) {
  process.stderr.write(`the search ended early: ${error instanceof Error ? error.message.slice(0, 100) : 'unknown'}\n`)
}
if (!Number.isFinite(boundFen)) throw new Error('nothing was proved')
const told: Proved = {
  boundFen: Math.floor(boundFen) - roundingFen,
  tookS: Math.round((performance.now() - startMs) / 1_000),
}
process.stdout.write(`${JSON.stringify(told)}\n`)

function startsOf(lengths: readonly number[]): number[] {
  const starts = [0]
  for (const length of lengths) starts.push((starts.at(-1) ?? 0) + length)
  return starts
}
