import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url))

/** The real server with its embedded PostgreSQL, kept running as a service manager does: whenever it ends it is started again. */
export interface KillableServer {
  readonly port: number
  /** Starts it; resolves when it is ready for the first time. */
  start(): Promise<void>
  /** kill -9 of Node; PostgreSQL stays behind. */
  killNode(): Promise<void>
  /** kill -9 of PostgreSQL; Node stays. */
  killPostgres(): Promise<void>
  /** Ends it for good, as Ctrl-C does. */
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

/** Starts without a kill in between that may fail before it is the server's own fault. */
const FAILURES_MAX = 20

export async function killableServer(dataDir: string, secret: string): Promise<KillableServer> {
  const [port, rtmpPort] = [await freePort(), await freePort()]
  const env = { NODE_ENV: 'production', DEMO: '0', DATA_DIR: dataDir, AUTH_SECRET: secret, LOG_LEVEL: 'fatal' }
  let child: ChildProcess | undefined
  let wanted = true
  let failures = 0

  async function keep(onReady: () => void, onFailure: (error: Error) => void): Promise<void> {
    while (wanted && failures < FAILURES_MAX) {
      child = spawn(process.execPath, [MAIN], {
        env: { ...process.env, ...env, PORT: String(port), RTMP_PORT: String(rtmpPort) },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const exit = once(child, 'exit')
      failures += 1
      if (child.stdout) {
        createInterface({ input: child.stdout }).on('line', (line) => {
          if (!line.startsWith('ready ')) return
          failures = 0
          onReady()
        })
      }
      await exit
    }
    onFailure(new Error('the server does not start'))
  }

  async function ended(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }
  return {
    port,
    start: () => new Promise((resolve, reject) => void keep(resolve, reject)),
    killNode: () => ended('SIGKILL'),
    async killPostgres() {
      const pidFile = await readFile(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').catch(() => '')
      const pid = Number(pidFile.split('\n')[0])
      if (!(pid > 1)) return
      try {
        process.kill(pid, 'SIGKILL')
      } catch (error) {
        // The file of a server that was killed already, and is not started again yet, names nobody.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
      }
    },
    async stop() {
      wanted = false
      await ended('SIGTERM')
    },
  }
}
