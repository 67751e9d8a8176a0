import { cpus, release, totalmem } from 'node:os'

/** A measured figure: every run, and their median as the value. Ratios are fractions of 1. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly runs: readonly number[]
}

/** The middle of the runs; of an even number the mean of the two in the middle. */
export function median(runs: readonly number[]): number {
  const sorted = [...runs].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

export function figure(name: string, unit: string, runs: readonly number[]): Figure {
  const rounded = (value: number) => Number(value.toPrecision(4))
  return { name, value: rounded(median(runs)), unit, runs: runs.map(rounded) }
}

const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryBytes: totalmem(),
  kernel: release(),
  node: process.version,
})

/** Prints a table, and with `json` the object that other tools read as the last line. */
export function printFigures(bench: string, figures: readonly Figure[], json: boolean): void {
  for (const { name, value, unit, runs } of figures) {
    process.stdout.write(`${name.padEnd(28)} ${String(value).padStart(10)} ${unit.padEnd(10)} [${runs.join(', ')}]\n`)
  }
  if (json) process.stdout.write(`${JSON.stringify({ bench, figures, machine: machine() })}\n`)
}
