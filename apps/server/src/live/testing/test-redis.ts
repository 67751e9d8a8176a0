import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A real Redis on a port of its own, which keeps nothing on disk: what is killed comes back empty. */
export interface TestRedis {
  readonly url: string
  start(): Promise<void>
  kill(): Promise<void>
  /** Lets it hang with its connections open, or go on. */
  hang(isHanging: boolean): void
  close(): Promise<void>
}

/** @throws when there is no redis-server, which is in Debian's package of that name */
export async function createTestRedis(): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'chunbo-redis-'))
  const port = await freePort()
  let child: ChildProcess | null = null
  async function start(): Promise<void> {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir]
    const started = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    child = started
    let said = ''
    await new Promise<void>((resolve, reject) => {
      started.once('error', () => reject(new Error('redis-server is missing: apt-get install redis-server')))
      started.once('exit', () => reject(new Error(`redis-server ended: ${said}`)))
      started.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes('Ready to accept connections')) resolve()
      })
    })
  }
  async function kill(): Promise<void> {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    kill,
    hang: (isHanging) => void child?.kill(isHanging ? 'SIGSTOP' : 'SIGCONT'),
    async close() {
      await kill()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
