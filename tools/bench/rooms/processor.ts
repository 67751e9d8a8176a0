import { readFileSync } from 'node:fs'

/** Ticks a second of the times in /proc, the same on every Linux that Node runs on. */
const TICKS_PER_S = 100

/** Seconds of processor time that a process and all its threads have used so far. */
export function processorS(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name in brackets may hold anything, so fields are counted from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S
}

/** Children of a process. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number)
}
