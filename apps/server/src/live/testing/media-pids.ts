import { readdirSync, readFileSync } from 'node:fs'

/** What of a process's status file is of interest here; null when there is none, or it only waits to be reaped. */
function statusOf(pid: number): { parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in parentheses and may itself hold spaces and parentheses.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' || state === 'X' ? null : { parent: Number(parent) }
  } catch {
    return null
  }
}

export function runs(pid: number): boolean {
  return statusOf(pid) !== null
}

/** Media processes that this process has started and that run. */
export function mediaPidsOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && statusOf(pid)?.parent === parent)
    .filter((pid) => /chunbo-media|media-process/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')))
}
