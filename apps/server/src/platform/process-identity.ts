import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Names one running process so that it can be told from a later one with the same pid: the pid alone is reused, after
 * a reboot at once. Gives undefined when no such process runs; a zombie counts as not running, because in a container
 * whose first process reaps nothing it stays visible for ever.
 */
export function processIdentity(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  return process.platform === 'linux' ? linuxIdentity(pid) : portableIdentity(pid)
}

function linuxIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const state = fields[0]
    const startTicks = fields[19]
    if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${bootId}:${pid}:${startTicks}`
  } catch {
    return undefined
  }
}

function portableIdentity(pid: number): string | undefined {
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    return started === '' ? undefined : `${pid}:${started}`
  } catch {
    return undefined
  }
}
