/**
 * The server process of an embedded cluster: start it so that it outlives a killed Node, recognise one that was left
 * behind, and end it. What is true about a running server stands in its `postmaster.pid`; but the pid in there may by
 * now belong to any other process (after a power cut, say), so it counts only when that process works in the cluster.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresPlace } from './embedded-postgres-place.ts'
import { processIdentity } from './process-identity.ts'

export interface RunningServer {
  pid: number
  identity: string
  socketDir: string
  status: string
}

// A server that crashed under load replays its write-ahead log before it answers; 2 GB take well under a minute.
const startWaitMsMax = 600_000
const quitWaitMs = 2000
const logBytesMax = 10_485_760

/** The server of this cluster that runs now, or undefined. A pid that meanwhile belongs to somebody else does not count. */
export function findRunningServer(place: PostgresPlace): RunningServer | undefined {
  const lines = readPidFile(place)
  const pid = Number(lines[0])
  const identity = processIdentity(pid)
  if (identity === undefined || !worksIn(pid, place.cluster)) return undefined
  return { pid, identity, socketDir: lines[4] ?? '', status: (lines[7] ?? '').trim() }
}

/**
 * Removes a `postmaster.pid` that names no server of this cluster. PostgreSQL does so itself, except when the pid was
 * given to another process of the same user. Waits first until no process of a killed server works in the cluster.
 */
export async function clearStalePidFile(place: PostgresPlace, waitMsMax = 30_000): Promise<void> {
  const lines = readPidFile(place)
  if (lines[0] === undefined) return
  const deadline = performance.now() + waitMsMax
  while (anyProcessWorksIn(place.cluster)) {
    if (performance.now() > deadline) throw new Error(`processes of a killed PostgreSQL still work in ${place.cluster}`)
    await sleep(50)
  }
  rmSync(join(place.cluster, 'postmaster.pid'), { force: true })
  // The lock beside the socket names the same process. While that is a zombie, PostgreSQL takes it for alive and gives up.
  const [port, socketDir] = [lines[3]?.trim(), lines[4]?.trim()]
  if (port && socketDir) rmSync(join(socketDir, `.s.PGSQL.${port}.lock`), { force: true })
}

/**
 * Starts the server in a session of its own, so that Ctrl-C at the terminal reaches Node alone, which then ends it in
 * order. Resolves when it accepts connections; `onWait` hears every second of recovery. Throws with what
 * the server's log complains of when it ends instead, and when `abort` says so.
 */
export async function launchServer(
  place: PostgresPlace,
  program: string,
  abort: AbortSignal | undefined,
  onWait: (waitedMs: number) => void,
): Promise<{ child: ChildProcess; server: RunningServer }> {
  rotateLog(place.logFile)
  const log = openSync(place.logFile, 'a', 0o600)
  const logStart = statSync(place.logFile).size
  const child = spawn(program, ['-D', place.cluster], {
    ...place.owner,
    cwd: place.cluster,
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' },
  })
  closeSync(log)
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  const started = performance.now()
  for (let nextReportMs = 1000; ; ) {
    const waitedMs = performance.now() - started
    const server = findRunningServer(place)
    if (server !== undefined && server.pid === child.pid && server.status === 'ready') {
      child.unref()
      return { child, server }
    }
    if (failure !== undefined) throw failure
    if (abort?.aborted) {
      // An immediate shutdown: whatever was being recovered is recovered again at the next start.
      await quit(child)
      abort.throwIfAborted()
    }
    if (child.exitCode !== null || child.signalCode !== null)
      throw new ServerDidNotStart(complaintIn(place.logFile, logStart))
    if (waitedMs > startWaitMsMax) throw new ServerDidNotStart(`no answer after ${startWaitMsMax / 1000} s`)
    if (waitedMs > nextReportMs) {
      onWait(waitedMs)
      nextReportMs += 1000
    }
    await sleep(10)
  }
}

async function quit(child: ChildProcess): Promise<void> {
  child.kill('SIGQUIT')
  const deadline = performance.now() + quitWaitMs
  while (child.exitCode === null && child.signalCode === null) {
    if (performance.now() > deadline) child.kill('SIGKILL')
    await sleep(10)
  }
}

/** The server ended while starting. The message is the first complaint in its log. */
export class ServerDidNotStart extends Error {}

/**
 * Ends the server: a fast shutdown first, and when that takes longer than `waitMsMax` an immediate one, which loses
 * nothing because the next start replays the log.
 */
export async function endServer(server: RunningServer, waitMsMax: number): Promise<void> {
  signal(server, 'SIGINT')
  if (await goneWithin(server, waitMsMax)) return
  signal(server, 'SIGQUIT')
  if (await goneWithin(server, 2000)) return
  signal(server, 'SIGKILL')
  if (!(await goneWithin(server, 2000))) throw new Error(`PostgreSQL (process ${server.pid}) does not end`)
}

/** Whether exactly that server, and not a later process with its pid, still runs. */
export function isRunning(server: RunningServer): boolean {
  return processIdentity(server.pid) === server.identity
}

async function goneWithin(server: RunningServer, waitMsMax: number): Promise<boolean> {
  const deadline = performance.now() + waitMsMax
  while (isRunning(server)) {
    if (performance.now() > deadline) return false
    await sleep(10)
  }
  return true
}

function signal(server: RunningServer, name: NodeJS.Signals): void {
  if (!isRunning(server)) return
  try {
    process.kill(server.pid, name)
  } catch {
    // It ended between the look and the signal.
  }
}

function readPidFile(place: PostgresPlace): string[] {
  try {
    return readFileSync(join(place.cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}

/** PostgreSQL makes its cluster the working folder of each of its processes. */
function worksIn(pid: number, cluster: string): boolean {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster)
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(cluster)
  } catch {
    return false
  }
}

function anyProcessWorksIn(cluster: string): boolean {
  if (process.platform !== 'linux') return false
  return readdirSync('/proc').some(
    (name) => /^\d+$/.test(name) && Number(name) !== process.pid && worksIn(Number(name), cluster),
  )
}

function rotateLog(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > logBytesMax) renameSync(path, `${path}.1`)
}

function complaintIn(logFile: string, from: number): string {
  const lines = readFileSync(logFile).subarray(from).toString('utf8').trim().split('\n')
  // The first complaint is the cause; what follows are its consequences. Time and process id say nothing here.
  const reason = lines.find((line) => /\b(?:FATAL|PANIC|ERROR|invalid|could not|error while loading)\b/.test(line))
  return (reason ?? lines.at(-1) ?? 'no message').replace(/^.*?\] (?:LOG|FATAL|PANIC|ERROR): +/, '')
}
