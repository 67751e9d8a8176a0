import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MerchantInput } from '@chunbo/contract'
import { type App, composeApp } from '../../compose.ts'
import { type MovableClock, movableClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { one } from '../../platform/database.ts'
import { createLog } from '../../platform/log.ts'
import { createTestDatabase } from '../../platform/testing/test-database.ts'

const PASSWORD = 'long-enough-1'
/** Noon in China. */
export const START = new Date('2026-03-09T04:00:00Z')
export const TODAY = '2026-03-09'
export const TONNE_G = 1_000_000
const JINGDONG = 530823

/** A profile that takes every vegetable around Jingdong, 10 t a day, from 1 t. */
export const PROFILE: MerchantInput = {
  name: '鲜际',
  phone: '13800000001',
  shopId: null,
  produceSlugs: [],
  families: ['vegetable'],
  grades: [],
  regions: [],
  reachKm: 1_000,
  capacityDayG: 10 * TONNE_G,
  lotMinG: TONNE_G,
  packingDays: 1,
  cold: true,
  deliverProvinces: [],
  workingCapitalFen: null,
  warehouses: [{ name: '昆明仓', countyCode: 530114, lngE5: 10_283_000, latE5: 2_488_000 }],
  active: true,
}

export interface Asked {
  readonly status: number
  readonly body: Record<string, unknown> & { items: Record<string, unknown>[] }
}

export interface OfferWorld {
  readonly app: App
  readonly clock: MovableClock
  readonly desk: number
  ask(as: number, method: 'GET' | 'POST' | 'PUT', url: string, body?: object): Promise<Asked>
  /** A user with one role (the desk's unless told). */
  person(role?: 'merchant' | 'relief_desk'): Promise<number>
  /** A merchant with papers that hold and 300 fen a kilogram for everything; gives it with its one member of staff. */
  merchant(profile?: Partial<MerchantInput>): Promise<{ id: number; staff: number }>
  /** A verified case of peas in Jingdong, on the plant for ten days more. */
  reliefCase(facts?: {
    grams?: number
    merchantsMax?: number
    floorFenPerKg?: number
    spoilsAt?: Date
  }): Promise<number>
  /** An open offer, as the match would make it. */
  offer(caseId: number, merchantId: number, grams: number, leastG?: number): Promise<number>
  stageOf(caseId: number): Promise<string>
  close(): Promise<void>
}

export async function createOfferWorld(): Promise<OfferWorld> {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'chunbo-offers-'))
  const clock = movableClock(START)
  const config = readConfig({ DATA_DIR: dataDir, PORT: '0', RTMP_PORT: '0', DEMO: '1' })
  const app = await composeApp({
    config,
    databaseUrl: database.url,
    log: createLog(process.env.LOUD ? 'error' : 'silent'),
    clock,
    runJobs: false,
  })
  const { db } = app.platform
  const cookies = new Map<number, string>()
  let people = 0
  const ask: OfferWorld['ask'] = async (as, method, url, body) => {
    const headers = { cookie: cookies.get(as) ?? '' }
    const answer = await app.platform.app.inject({ method, url, headers, ...(body ? { payload: body } : {}) })
    return { status: answer.statusCode, body: answer.json() }
  }
  const person: OfferWorld['person'] = async (role = 'relief_desk') => {
    const email = `offers${++people}@example.org`
    const userId = await app.slices.identity.register({ name: '人', email, password: PASSWORD })
    await app.slices.identity.grant({ userId, role })
    const payload = { email, password: PASSWORD }
    const answer = await app.platform.app.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload })
    cookies.set(userId, answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; '))
    return userId
  }
  const desk = await person()
  return {
    app,
    clock,
    desk,
    ask,
    person,
    async merchant(profile = {}) {
      const staff = await person('merchant')
      const made = await ask(staff, 'POST', '/api/merchants', { ...PROFILE, ...profile })
      if (made.status !== 201) throw new Error(JSON.stringify(made.body))
      const id = Number(made.body.id)
      await db.query(
        `insert into merchant_papers (merchant_id, kind, number, valid_until, added_at, checked_at, checked_by, holds)
         select $1, kind, 'N1', $2, $3, $3, $4, true from unnest(array['business_licence', 'food_licence']) k (kind)`,
        [id, '2027-12-31', START, desk],
      )
      const prices = [{ produceSlug: null, fenPerKg: 300, from: '2026-01-01', until: '2026-12-31' }]
      await ask(staff, 'PUT', `/api/merchants/${id}/prices`, { prices })
      return { id, staff }
    },
    async reliefCase(facts = {}) {
      const rows = await db.query<{ id: number }>(
        `insert into relief_cases (stage, produce_slug, county_code, lng_e5, lat_e5, grams, harvest_from, harvest_to,
           floor_fen_per_kg, households, merchants_max, stage_since, stage_due, reported_at, spoils_at)
         values ('verified', 'pea-pod', $1, 10083000, 2445000, $2, $3, '2026-03-19', $4, 40, $5, $6, $7, $6, $8) returning id`,
        [
          JINGDONG,
          facts.grams ?? 10 * TONNE_G,
          TODAY,
          facts.floorFenPerKg ?? null,
          facts.merchantsMax ?? 3,
          START,
          new Date(START.getTime() + 3_600_000),
          facts.spoilsAt ?? new Date('2026-03-22T00:00:00Z'),
        ],
      )
      return one(rows).id
    },
    async offer(caseId, merchantId, grams, leastG = 1) {
      await db.query(`update relief_cases set stage = 'offered' where id = $1 and stage = 'verified'`, [caseId])
      const rows = await db.query<{ id: number }>(
        `insert into offers (case_id, merchant_id, grams, least_g, price_fen_per_kg, pick_day, pickups, made_at, expires_at)
         values ($1, $2, $3, $4, 300, $5, $6, $7, $8) returning id`,
        [
          caseId,
          merchantId,
          grams,
          leastG,
          TODAY,
          JSON.stringify([{ day: TODAY, grams }]),
          clock.now(),
          new Date(clock.now().getTime() + 7_200_000),
        ],
      )
      return one(rows).id
    },
    async stageOf(caseId) {
      const rows = await db.query<{ stage: string }>('select stage from relief_cases where id = $1', [caseId])
      return one(rows).stage
    },
    async close() {
      await app.close()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
