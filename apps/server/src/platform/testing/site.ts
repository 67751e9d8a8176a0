import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '@chunbo/contract'
import type { InjectOptions } from 'fastify'
import { type App, composeApp } from '../../compose.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { createTestDatabase } from './test-database.ts'

const PASSWORD = 'long-enough-1'

/** Something asked of the site, by a signed-in user or by a stranger. */
export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'HEAD'
  readonly url: string
  readonly as?: number
  readonly body?: unknown
  readonly headers?: Record<string, string>
  /** Address that it comes from. */
  readonly address?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Record<string, unknown>
  /** The JSON body; tests compare what they need of it. */
  readonly json: Record<string, unknown>
  readonly bytes: Buffer
}

/** The whole application on a database and data folder of its own. */
export interface Site {
  readonly app: App
  ask(asked: Asked): Promise<Answer>
  /** A user with roles; gives the id. */
  person(...grants: { role: Role; countyCode?: number; shopId?: number }[]): Promise<number>
  close(): Promise<void>
}

export async function createSite(): Promise<Site> {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'chunbo-site-'))
  const config = readConfig({ DATA_DIR: dataDir, PORT: '0', RTMP_PORT: '0', DEMO: '1' })
  const app = await composeApp({ config, databaseUrl: database.url, log: createLog('silent'), runJobs: false })
  const cookies = new Map<number, string>()
  return {
    app,
    async ask({ method = 'GET', url, as, body, headers = {}, address }) {
      const cookie = as === undefined ? {} : { cookie: cookies.get(as) ?? '' }
      const request: InjectOptions = { method, url, headers: { ...cookie, ...headers } }
      if (body !== undefined) request.payload = body as object
      if (address !== undefined) request.remoteAddress = address
      const response = await app.platform.app.inject(request)
      const isJson = String(response.headers['content-type']).includes('json')
      return {
        status: response.statusCode,
        headers: response.headers,
        json: isJson ? response.json() : {},
        bytes: response.rawPayload,
      }
    },
    async person(...grants) {
      const email = `person${cookies.size + 1}@example.org`
      const userId = await app.slices.identity.register({ name: 'Person', email, password: PASSWORD })
      for (const grant of grants) await app.slices.identity.grant({ userId, ...grant })
      const url = '/api/auth/sign-in/email'
      const answer = await app.platform.app.inject({ method: 'POST', url, payload: { email, password: PASSWORD } })
      if (answer.statusCode !== 200) throw new Error(`could not sign in: ${answer.body}`)
      cookies.set(userId, answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; '))
      return userId
    },
    async close() {
      await app.close()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
