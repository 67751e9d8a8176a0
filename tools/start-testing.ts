/** Runs `npm start`'s script as a real process for the tests, on ports and a data folder of its own. */
import assert from 'node:assert/strict'
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { removePostgres } from '../apps/server/src/platform/embedded-postgres-place.ts'
import { root } from './test-steps.ts'

const readyMsMax = 120_000

export interface Started {
  child: ChildProcess
  /** Everything it printed so far, both streams. */
  output(): string
  exited: Promise<{ code: number | null; tookMs: number }>
}

/** A data folder below the folder for temporary files, and two free ports. */
export interface TestHome {
  dataDir: string
  port: number
  rtmpPort: number
  remove(): Promise<void>
}

export async function makeHome(): Promise<TestHome> {
  const dataDir = mkdtempSync(join(tmpdir(), 'chunbo-start-'))
  const [port, rtmpPort] = [await freePort(), await freePort()]
  return {
    dataDir,
    port,
    rtmpPort,
    async remove() {
      await removePostgres(dataDir)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  assert.ok(typeof address === 'object' && address !== null)
  return address.port
}

/** Starts it without the demo world, unless `demo`; `wrap` is a command in front, such as unshare. */
export function start(
  home: Omit<TestHome, 'remove'>,
  { wrap = [], demo = false }: { wrap?: string[]; demo?: boolean } = {},
): Started {
  const began = performance.now()
  const [command = '', ...args] = [...wrap, process.execPath, join(root, 'tools/run.mjs'), 'start']
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATA_DIR: home.dataDir,
      PORT: String(home.port),
      RTMP_PORT: String(home.rtmpPort),
      DATABASE_URL: '',
      DEMO: demo ? '1' : '0',
    },
  })
  return follow(child, began)
}

/** Notes what a process prints and when it ends; `beganMs` is when it was started, on the clock of `performance.now()`. */
export function follow(child: ChildProcessByStdio<null, Readable, Readable>, beganMs: number): Started {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      text += data.toString('utf8')
    })
  }
  const exited = new Promise<{ code: number | null; tookMs: number }>((resolve) => {
    child.once('close', (code) => resolve({ code, tookMs: performance.now() - beganMs }))
  })
  return { child, output: () => text, exited }
}

/** Waits until the output matches; fails with all of it when the process ends first. */
export async function waitFor(started: Started, pattern: RegExp): Promise<void> {
  const deadline = performance.now() + readyMsMax
  while (!pattern.test(started.output())) {
    if (started.child.exitCode !== null || started.child.signalCode !== null) {
      assert.fail(`ended before it printed ${pattern}:\n${started.output()}`)
    }
    if (performance.now() > deadline) assert.fail(`did not print ${pattern}:\n${started.output()}`)
    await sleep(20)
  }
}

/** Sends Ctrl-C and waits for the end. Gives the exit code and how long it took in ms. */
export async function interrupt(started: Started): Promise<{ code: number | null; tookMs: number }> {
  const began = performance.now()
  started.child.kill('SIGINT')
  const { code } = await started.exited
  return { code, tookMs: performance.now() - began }
}

/** Every process that has the folder as its DATA_DIR or works below it: Node and PostgreSQL alike. */
export function processesOf(dataDir: string): number[] {
  const folders = [dataDir, ...elsewhere(dataDir)]
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      try {
        const cwd = readlinkSync(`/proc/${pid}/cwd`)
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
        return environment.includes(`DATA_DIR=${dataDir}`) || folders.some((folder) => cwd.startsWith(folder))
      } catch {
        return false
      }
    })
}

/** The process that serves: the one on our script, below run.mjs. */
export function serverProcess(dataDir: string): number {
  const pids = processesOf(dataDir).filter((pid) => {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('tools/start.ts')
  })
  assert.equal(pids.length, 1)
  return pids[0] ?? 0
}

/** Address of the database `chunbo` as its superuser. */
export function databaseUrl(dataDir: string): string {
  const folder = elsewhere(dataDir)[0] ?? join(dataDir, 'postgres')
  const { admin } = JSON.parse(readFileSync(join(folder, 'passwords.json'), 'utf8'))
  const socketDir = readFileSync(join(folder, 'cluster/postmaster.pid'), 'utf8').split('\n')[4] ?? ''
  return `postgres://chunbo_admin:${admin}@localhost/chunbo?host=${encodeURIComponent(socketDir)}`
}

function elsewhere(dataDir: string): string[] {
  const note = join(dataDir, 'postgres-is-elsewhere.json')
  return existsSync(note) ? [JSON.parse(readFileSync(note, 'utf8')).folder] : []
}
