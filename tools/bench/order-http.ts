import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { SERVER_FLAGS } from './rooms/child-link.ts'

const SECRET = 'benchmark-secret-that-nobody-else-needs'
const PORT = 4270
const RTMP_PORT = 4271
const CONNECTIONS = 512

export interface HttpFigures {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failures: number
}

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** The real server on this database, as in production. */
export async function startServer(url: string, folder: string): Promise<ChildProcess> {
  const dataDir = join(folder, 'server')
  await mkdir(dataDir, { recursive: true })
  const child = spawn(process.execPath, [...SERVER_FLAGS, pathOf('../../apps/server/src/main.ts')], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: url,
      DATA_DIR: dataDir,
      PORT: String(PORT),
      RTMP_PORT: String(RTMP_PORT),
      AUTH_SECRET: SECRET,
      DEMO: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return whenReady(child)
}

/** A server that only answers, in place of the real one. */
export function startEmptyServer(): Promise<ChildProcess> {
  return whenReady(
    spawn(process.execPath, [pathOf('./order-empty.ts'), String(PORT)], { stdio: ['ignore', 'pipe', 'inherit'] }),
  )
}

async function whenReady<Started extends ChildProcess & { stdout: Readable }>(child: Started): Promise<Started> {
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('ready ')) return child
  throw new Error('the server did not start')
}

export async function stopServer(child: ChildProcess): Promise<void> {
  child.stdout?.resume()
  child.kill('SIGTERM')
  if (child.exitCode === null) await once(child, 'exit')
}

/** One run of the load against the server: orders a second, and how long an answer takes. */
export async function measureHttp(warmS: number, seconds: number): Promise<HttpFigures> {
  const args = [pathOf('./order-load.ts'), String(PORT), SECRET, String(CONNECTIONS), String(warmS), String(seconds)]
  const load = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  load.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  await once(load, 'exit')
  const figures = JSON.parse(out) as HttpFigures
  if (figures.failures > 0) throw new Error(`${figures.failures} orders over HTTP were not accepted`)
  return figures
}
