import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, composeApp } from '../../compose.ts'
import { signSessionCookie } from '../../identity/index.ts'
import { type MovableClock, movableClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/log.ts'
import { createTestDatabase } from '../../platform/testing/test-database.ts'

const SECRET = 'the secret of the merchants, long enough'

export interface TestSite {
  readonly app: App
  readonly clock: MovableClock
  /** Somebody of the relief desk. */
  readonly desk: number
  person(role: 'merchant' | 'relief_desk'): Promise<number>
  ask(
    as: number,
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> & { items: Record<string, unknown>[] } }>
  close(): Promise<void>
}

/** The whole application on a database of its own, at noon of 9 March 2026 in China. */
export async function createTestSite(): Promise<TestSite> {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'chunbo-merchants-'))
  const clock = movableClock(new Date('2026-03-09T04:00:00Z'))
  const config = readConfig({ DATA_DIR: dataDir, PORT: '0', RTMP_PORT: '0', DEMO: '1', AUTH_SECRET: SECRET })
  const app = await composeApp({ config, databaseUrl: database.url, log: createLog('silent'), clock, runJobs: false })
  let people = 0
  const person: TestSite['person'] = async (role) => {
    const email = `merchants${++people}@example.org`
    const userId = await app.slices.identity.register({ name: '人', email, password: 'peas-and-papaya' })
    await app.slices.identity.grant({ userId, role })
    return userId
  }
  return {
    app,
    clock,
    desk: await person('relief_desk'),
    person,
    async ask(as, method, url, body) {
      // Signed anew each time: the clock moves by months here.
      const headers = { cookie: signSessionCookie(as, SECRET, clock.now()) }
      const answer = await app.platform.app.inject({ method, url, headers, ...(body ? { payload: body } : {}) })
      return { status: answer.statusCode, body: answer.json() }
    },
    async close() {
      await app.close()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
