/**
 * A lock that is a file naming its holder. Node has no flock(2), so the file is made by link(2), which either makes a
 * complete file or fails, and a holder that no longer runs is told by pid and start time. A lock that was left behind
 * by kill -9 or a power cut is thus taken over without a wait; one whose holder runs never is.
 */
import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { processIdentity } from './process-identity.ts'
import { errorCode } from './start-refusal.ts'

export interface FileLock {
  /** Removes the file if it is still ours. May be called twice, and from an exit handler. */
  release(): void
}

export type FileLockOutcome = { held: true; lock: FileLock } | { held: false; holderPid: number }

const attemptsMax = 20

/** Takes the lock at `path`, or tells at once which running process holds it. The folder of `path` must exist. */
export function takeFileLock(path: string): FileLockOutcome {
  const token = randomBytes(8).toString('hex')
  const own = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid), token })
  const candidate = `${path}.${token}`
  writeFileSync(candidate, own, { mode: 0o644, flush: true })
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      if (tryLink(candidate, path)) return { held: true, lock: { release: () => releaseOwn(path, token) } }
      const holderPid = runningHolder(read(path))
      if (holderPid !== undefined) return { held: false, holderPid }
      removeStale(path, `${candidate}.stale`)
    }
  } finally {
    rmSync(candidate, { force: true })
  }
  throw new Error(`the lock file ${path} changes faster than it can be taken`)
}

/** Takes the lock at `path`, waiting for its holder for at most `waitMsMax`. */
export async function waitForFileLock(path: string, waitMsMax: number): Promise<FileLock> {
  const deadline = performance.now() + waitMsMax
  for (;;) {
    const outcome = takeFileLock(path)
    if (outcome.held) return outcome.lock
    if (performance.now() > deadline) throw new Error(`process ${outcome.holderPid} still holds ${path}`)
    await sleep(50)
  }
}

function tryLink(candidate: string, path: string): boolean {
  try {
    linkSync(candidate, path)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

/**
 * Two starters may both have seen the same stale file. Renaming it away and looking at what was caught settles that:
 * who caught the fresh lock of the other puts it back.
 */
function removeStale(path: string, aside: string): void {
  try {
    renameSync(path, aside)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return
    throw error
  }
  if (runningHolder(read(aside)) !== undefined) tryLink(aside, path)
  rmSync(aside, { force: true })
}

function releaseOwn(path: string, token: string): void {
  if (read(path)?.includes(token)) rmSync(path, { force: true })
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** The pid of the process that the text names, if exactly that process still runs. */
function runningHolder(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  try {
    const holder: unknown = JSON.parse(text)
    if (typeof holder !== 'object' || holder === null || !('pid' in holder) || !('identity' in holder)) return undefined
    if (typeof holder.pid !== 'number' || typeof holder.identity !== 'string') return undefined
    return processIdentity(holder.pid) === holder.identity ? holder.pid : undefined
  } catch {
    return undefined
  }
}
