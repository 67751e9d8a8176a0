import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LightMyRequestResponse } from 'fastify'
import { type App, composeApp } from '../../compose.ts'
import { type MovableClock, movableClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/log.ts'
import { createTestDatabase } from '../../platform/testing/test-database.ts'

export const TEST_SECRET = 'a-secret-for-tests-that-is-long-enough-0123456789'

/** One browser: keeps cookies between requests, as a browser would. */
export interface Visitor {
  readonly cookies: Map<string, string>
  send(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: object): Promise<LightMyRequestResponse>
}

export interface TestApp {
  readonly app: App
  readonly clock: MovableClock
  visitor(): Visitor
  close(): Promise<void>
}

function keepCookies(cookies: Map<string, string>, response: LightMyRequestResponse): void {
  const header = response.headers['set-cookie'] ?? []
  for (const line of typeof header === 'string' ? [header] : header) {
    const [pair = ''] = line.split(';', 1)
    const split = pair.indexOf('=')
    if (/;\s*max-age=0/i.test(line) || /expires=thu, 01 jan 1970/i.test(line)) cookies.delete(pair.slice(0, split))
    else cookies.set(pair.slice(0, split), pair.slice(split + 1))
  }
}

function createVisitor(app: App): Visitor {
  const cookies = new Map<string, string>()
  return {
    cookies,
    async send(method, url, body) {
      const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
      const response = await app.platform.app.inject({
        method,
        url,
        headers: cookie ? { cookie } : {},
        ...(body ? { payload: body } : {}),
      })
      keepCookies(cookies, response)
      return response
    },
  }
}

/** The whole application on a database of its own, with a clock that starts now and stands still. */
export async function createTestApp(env: NodeJS.ProcessEnv = {}): Promise<TestApp> {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'chunbo-identity-'))
  const config = readConfig({ DATA_DIR: dataDir, PORT: '0', RTMP_PORT: '0', AUTH_SECRET: TEST_SECRET, ...env })
  const clock = movableClock(new Date())
  const log = createLog('silent')
  const app = await composeApp({ config, databaseUrl: database.url, log, clock, runJobs: false })
  return {
    app,
    clock,
    visitor: () => createVisitor(app),
    async close() {
      await app.close()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
