import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Problem, RoomDesk, RoomInput } from '@chunbo/contract'
import type { LightMyRequestResponse } from 'fastify'
import { WebSocket } from 'ws'
import { type App, composeApp } from '../../compose.ts'
import { signSessionCookie } from '../../identity/index.ts'
import { movableClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/log.ts'
import { createTestDatabase } from '../../platform/testing/test-database.ts'

export const JINGDONG = 530823
const SECRET = 'a secret of the audience tests, long enough'
/** Noon in China, so that a test's minutes stay on one day. */
const START = new Date('2026-03-14T04:00:00Z')

interface Asked {
  readonly as?: number
  readonly body?: object
}

/** The application on a clock that the test moves. */
export interface AudienceWorld {
  readonly app: App
  readonly hostId: number
  now(): Date
  advance(ms: number): void
  /** A user who may have a phone. */
  person(name: string, more?: { phone?: string; locale?: 'zh' | 'en'; role?: 'operator' | 'host' }): Promise<number>
  ask<Body>(method: string, url: string, options?: Asked): Promise<{ status: number; body: Body }>
  /** Asks and gives the code of the problem. */
  refusal(method: string, url: string, options?: Asked): Promise<string>
  room(edit?: Partial<RoomInput>): Promise<RoomDesk>
  /** A room that is on air. */
  liveRoom(): Promise<number>
  /** A socket of this user that has got its first frame. */
  enter(roomId: number, userId: number): Promise<WebSocket>
  /** Buys this many packs of 9.90 yuan and pays. Gives the order. */
  buy(buyerId: number, qty: number): Promise<{ shopId: number; orderId: number }>
  points(userId: number): Promise<number>
  bytes(url: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

export async function createAudienceWorld(): Promise<AudienceWorld> {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'chunbo-audience-'))
  const env = { DATA_DIR: dataDir, AUTH_SECRET: SECRET, PORT: '0', RTMP_PORT: '0', DEMO: '1' }
  const clock = movableClock(START)
  const config = readConfig(env)
  const app = await composeApp({ config, databaseUrl: database.url, log: createLog('silent'), clock, runJobs: false })
  await app.listen()
  const { db } = app.platform
  let people = 0
  // Passes last for minutes and tests move the clock, so each request is signed anew.
  const cookieOf = (userId: number) => signSessionCookie(userId, SECRET, clock.now())

  const person: AudienceWorld['person'] = async (name, { phone, locale = 'zh', role } = {}) => {
    people += 1
    const userId = await app.slices.identity.register({
      name,
      email: `a${people}@example.org`,
      password: 'long-enough-1',
    })
    await db.query('update users set phone = $2, locale = $3 where id = $1', [userId, phone ?? null, locale])
    if (role) await app.slices.identity.grant({ userId, role, ...(role === 'host' ? { countyCode: JINGDONG } : {}) })
    return userId
  }
  async function ask<Body>(method: string, url: string, { as, body }: Asked = {}) {
    const answer = await app.platform.app.inject({
      method: method as 'GET',
      url,
      headers: {
        ...(as === undefined ? {} : { cookie: cookieOf(as) }),
        ...(url === '/api/checkouts' ? { 'idempotency-key': randomUUID() } : {}),
      },
      ...(body ? { payload: body } : {}),
    })
    return { status: answer.statusCode, body: (answer.body === '' ? null : answer.json()) as Body }
  }
  const hostId = await person('李主播', { role: 'host' })
  const room: AudienceWorld['room'] = async (edit = {}) => {
    const scheduledAt = new Date(clock.now().getTime() + 3_600_000).toISOString()
    const body = { countyCode: JINGDONG, titleZh: '景东豌豆专场', hostName: '李明', scheduledAt, ...edit }
    const answer = await ask<RoomDesk>('POST', '/api/rooms', { as: hostId, body })
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    return answer.body
  }
  let goods: Promise<{ shopId: number; skuId: number }> | undefined
  async function openShop() {
    const { shops, catalogue } = app.slices
    const shopId = await shops.open({ countyCode: JINGDONG, nameZh: '合作社' })
    const lotId = await catalogue.createLot(shopId, {
      produceSlug: 'pea-pod',
      countyCode: JINGDONG,
      township: '',
      village: '',
      farm: '',
      harvestFrom: '2026-03-01',
      harvestTo: '2026-04-15',
      grade: 'first',
      grams: 1_000_000_000,
    })
    const texts = { titleZh: '甜豌豆', titleEn: 'Peas', packZh: '', packEn: '', storyZh: '', storyEn: '' }
    const sku = { ...texts, lotId, netG: 500, priceFen: 990, buyerLimit: 100_000, stock: 100_000, pictureIds: [] }
    const skuId = await catalogue.createSku(shopId, sku, hostId)
    await catalogue.editSku(shopId, skuId, { version: 1, status: 'on_sale' }, hostId)
    return { shopId, skuId }
  }
  return {
    app,
    hostId,
    now: () => clock.now(),
    advance: (ms) => clock.advance(ms),
    person,
    ask,
    async refusal(method, url, options) {
      const { status, body } = await ask<Problem>(method, url, options)
      assert.ok(status >= 400, `${method} ${url}: ${status}`)
      return body.code
    },
    room,
    async liveRoom() {
      const { id } = await room()
      await db.query(`update rooms set status = 'live', started_at = $2 where id = $1`, [id, clock.now()])
      return id
    },
    async enter(roomId, userId) {
      const { port } = app.address()
      const ws = new WebSocket(`ws://127.0.0.1:${port}/api/rooms/${roomId}/socket`, {
        headers: { cookie: cookieOf(userId) },
      })
      await new Promise((done, failed) => {
        ws.once('open', done)
        ws.once('error', failed)
      })
      const first = new Promise((done) => ws.once('message', done))
      ws.send('{"t":"hello"}')
      await first
      return ws
    },
    async buy(buyerId, qty) {
      goods ??= openShop()
      const { shopId, skuId } = await goods
      const address = { name: '李梅', phone: '13812345678', regionCode: JINGDONG, detail: '学校', isDefault: true }
      const { body: kept } = await ask<{ id: number }>('POST', '/api/me/addresses', { as: buyerId, body: address })
      const lines = [{ shopId, skuId, qty, expectedPriceFen: 990 }]
      const placed = await ask<{ checkoutId: string; orders: { orderId: number }[] }>('POST', '/api/checkouts', {
        as: buyerId,
        body: { addressId: kept.id, lines },
      })
      assert.equal(placed.status, 201, JSON.stringify(placed.body))
      const pay = { as: buyerId, body: { method: 'sandbox' } }
      const paid = await ask('POST', `/api/checkouts/${placed.body.checkoutId}/pay`, pay)
      assert.equal(paid.status, 200)
      return { shopId, orderId: placed.body.orders[0]?.orderId ?? 0 }
    },
    async points(userId) {
      const [row] = await db.query<{ points: number }>(
        'select points from fans where user_id = $1 and county_code = $2',
        [userId, JINGDONG],
      )
      return row?.points ?? 0
    },
    bytes: (url, headers = {}) => app.platform.app.inject({ method: 'GET', url, headers }),
    async close() {
      await app.close()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
