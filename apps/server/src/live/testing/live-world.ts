import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Problem, RoomDesk, RoomInput, RoomPage } from '@chunbo/contract'
import { type App, composeApp } from '../../compose.ts'
import { signSessionCookie } from '../../identity/index.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/log.ts'
import { createTestDatabase } from '../../platform/testing/test-database.ts'

/** 景东彝族自治县 and its neighbour 镇沅, both in 普洱市. */
export const JINGDONG = 530823
export const ZHENYUAN = 530825
const SECRET = 'a-secret-for-tests-that-is-long-enough-for-hs256'

interface Goods {
  readonly shopId: number
  readonly skuId: number
}

/** Who asks, what is sent, and the idempotency key if it is a tap that buys. */
interface Asked {
  readonly as?: number
  readonly body?: object
  readonly key?: string
}

/** The whole application, listening on free ports, on a database and data folder of its own. */
export interface LiveWorld {
  readonly app: App
  /** Base of WebSocket addresses. */
  readonly wsUrl: string
  readonly httpUrl: string
  /** A host of the county of 景东. */
  readonly hostId: number
  cookieOf(userId: number): string
  /** A user with these roles; gives the id. */
  person(name: string, ...grants: { role: 'host' | 'operator'; countyCode?: number }[]): Promise<number>
  /** Asks the API and gives the answer whatever its status. */
  ask<Body>(method: string, path: string, options?: Asked): Promise<{ status: number; body: Body }>
  /** Asks as the host and fails unless it worked. */
  desk(method: string, path: string, body?: object): Promise<RoomDesk>
  /** Asks and gives the code of the problem. */
  refusal(method: string, path: string, options?: Asked): Promise<string>
  room(edit?: Partial<RoomInput>): Promise<RoomDesk>
  page(roomId: number): Promise<RoomPage>
  /** A SKU on sale in a shop of this county. */
  goods(more?: { countyCode?: number; stock?: number; onSale?: boolean }): Promise<Goods>
  publishUrl(streamKey: string): string
  /** Ends the application and starts it again on the same data; ports and `app` are new. */
  restart(): Promise<void>
  close(): Promise<void>
}

export async function createLiveWorld(env: Record<string, string> = {}): Promise<LiveWorld> {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'chunbo-live-'))
  const config = readConfig({ DATA_DIR: dataDir, AUTH_SECRET: SECRET, PORT: '0', RTMP_PORT: '0', DEMO: '1', ...env })
  const start = async () => {
    const started = await composeApp({ config, databaseUrl: database.url, log: createLog('silent'), runJobs: false })
    await started.listen()
    return started
  }
  let app = await start()
  const httpUrl = () => `http://127.0.0.1:${app.address().port}`
  let people = 0

  const cookieOf = (userId: number) => signSessionCookie(userId, SECRET, new Date())
  const person: LiveWorld['person'] = async (name, ...grants) => {
    people += 1
    const email = `live${people}@example.org`
    const userId = await app.slices.identity.register({ name, email, password: 'long-enough-1' })
    for (const grant of grants) await app.slices.identity.grant({ userId, ...grant })
    return userId
  }
  const hostId = await person('李主播', { role: 'host', countyCode: JINGDONG })
  async function ask<Body>(method: string, path: string, { as, body, key }: Asked = {}) {
    const response = await fetch(`${httpUrl()}${path}`, {
      method,
      headers: {
        ...(as === undefined ? {} : { cookie: cookieOf(as) }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Body }
  }
  const desk: LiveWorld['desk'] = async (method, path, body) => {
    const answer = await ask<RoomDesk>(method, path, { as: hostId, ...(body ? { body } : {}) })
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  return {
    get app() {
      return app
    },
    get httpUrl() {
      return httpUrl()
    },
    get wsUrl() {
      return `ws://127.0.0.1:${app.address().port}`
    },
    hostId,
    cookieOf,
    person,
    ask,
    desk,
    async refusal(method, path, options) {
      const { status, body } = await ask<Problem>(method, path, options)
      assert.ok(status >= 400, `${method} ${path}: ${status}`)
      return body.code
    },
    room: (edit = {}) =>
      desk('POST', '/api/rooms', {
        countyCode: JINGDONG,
        titleZh: '景东豌豆专场',
        hostName: '李明',
        hostOffice: '副县长',
        scheduledAt: new Date(Date.now() + 3_600_000).toISOString(),
        ...edit,
      }),
    page: async (roomId) => (await ask<RoomPage>('GET', `/api/rooms/${roomId}`)).body,
    async goods({ countyCode = JINGDONG, stock = 100, onSale = true } = {}) {
      const { shops, catalogue } = app.slices
      const shopId = await shops.open({ countyCode, nameZh: '合作社' })
      const lotId = await catalogue.createLot(shopId, {
        produceSlug: 'pea-pod',
        countyCode,
        township: '',
        village: '',
        farm: '',
        harvestFrom: '2026-03-01',
        harvestTo: '2026-04-15',
        grade: 'first',
        grams: 10_000_000,
      })
      const texts = { titleZh: '甜豌豆', titleEn: 'Peas', packZh: '', packEn: '', storyZh: '', storyEn: '' }
      const sku = { ...texts, lotId, netG: 500, priceFen: 990, buyerLimit: 100, stock, pictureIds: [] }
      const skuId = await catalogue.createSku(shopId, sku, hostId)
      if (onSale) await catalogue.editSku(shopId, skuId, { version: 1, status: 'on_sale' }, hostId)
      return { shopId, skuId }
    },
    publishUrl: (streamKey) => `rtmp://127.0.0.1:${app.slices.live.rtmpPort()}/live/${streamKey}`,
    async restart() {
      await app.close()
      app = await start()
    },
    async close() {
      await app.close()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
