import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '@chunbo/contract'
import type { LightMyRequestResponse } from 'fastify'
import { type App, composeApp } from '../../compose.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/log.ts'
import { createTestDatabase } from '../../platform/testing/test-database.ts'
import { signSessionCookie } from '../index.ts'

const SECRET = 'the secret of the access matrix, long enough'
export const COUNTY_A = 530823
const COUNTY_B = 430529
export const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString()

/** Those who ask: a stranger, a buyer, the owner of what is somebody's own, and each role with each scope. */
export const NAMES = [
  'stranger',
  'buyer',
  'shop A',
  'shop B',
  'host A',
  'host B',
  'commissioner A',
  'commissioner B',
  'merchant',
  'merchant A',
  'merchant B',
  'inspector',
  'inspector A',
  'inspector B',
  'relief_desk',
  'editor',
  'operator',
  // The last, because the owner is let through and may remove what the others were to be refused.
  'owner',
] as const
export type Name = (typeof NAMES)[number]

export const LOT = {
  produceSlug: 'pea-pod',
  countyCode: COUNTY_A,
  township: '锦屏镇',
  village: '新民村',
  farm: '',
  harvestFrom: '2026-03-01',
  harvestTo: '2026-12-31',
  grade: 'first',
  grams: 1_000_000,
}
const SKU = {
  titleZh: '景东甜豌豆',
  titleEn: 'Jingdong peas',
  packZh: '500 克装',
  packEn: '500 g bag',
  storyZh: '',
  storyEn: '',
  netG: 500,
  priceFen: 990,
  buyerLimit: 100,
  stock: 100,
  pictureIds: [],
}
const MERCHANT = {
  name: '甲采购',
  phone: '',
  shopId: null,
  produceSlugs: ['pea-pod'],
  families: [],
  grades: [],
  regions: [],
  reachKm: 500,
  capacityDayG: 10_000_000,
  lotMinG: 1_000_000,
  packingDays: 1,
  cold: false,
  deliverProvinces: [],
  workingCapitalFen: null,
  warehouses: [{ name: '一号仓', countyCode: COUNTY_A, lngE5: null, latE5: null }],
  active: true,
}
const ADDRESS = { name: '李梅', phone: '13812345678', regionCode: COUNTY_A, detail: '锦屏镇 1 号', isDefault: true }

export interface AccessWorld {
  readonly app: App
  /** What stands for a parameter of a path: ids of A's things and of the owner's. */
  readonly ids: Readonly<
    Record<
      | ('merchantA' | 'offerA' | 'shopA' | 'shopB' | 'lotId' | 'skuId' | 'roomA')
      | ('orderId' | 'checkoutId' | 'addressId' | 'muteId'),
      number | string
    >
  >
  ask(name: Name, method: string, url: string, body?: object): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

/** The application with two counties, a shop in each, one person for each name, a room, and an order of the owner's. */
export async function createAccessWorld(): Promise<AccessWorld> {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'chunbo-access-'))
  const env = { DATA_DIR: dataDir, PORT: '0', RTMP_PORT: '0', DEMO: '1', AUTH_SECRET: SECRET }
  const log = createLog('silent')
  const app = await composeApp({ config: readConfig(env), databaseUrl: database.url, log, runJobs: false })
  const shopA = await app.slices.shops.open({ countyCode: COUNTY_A, nameZh: '甲店' })
  const shopB = await app.slices.shops.open({ countyCode: COUNTY_B, nameZh: '乙店' })
  const cookies = await makePeople(app, shopA, shopB)
  const ask: AccessWorld['ask'] = (name, method, url, body) => {
    const cookie = cookies.get(name)
    return app.platform.app.inject({
      method: method as 'GET',
      url,
      headers: {
        ...(cookie ? { cookie } : {}),
        ...(url === '/api/checkouts' ? { 'idempotency-key': randomUUID() } : {}),
      },
      ...(method === 'GET' || method === 'DELETE' ? {} : { payload: body ?? {} }),
    })
  }
  const shopIds = await fillShop(ask, shopA)
  const muteId = await silenceOwner(app, shopIds.roomA)
  const ids = { shopA, shopB, ...shopIds, ...(await setUpMerchant(app, ask)), muteId }
  return {
    app,
    ids,
    ask,
    async close() {
      await app.close()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function makePeople(app: App, shopA: number, shopB: number): Promise<Map<Name, string>> {
  const { identity } = app.slices
  const letters: Record<string, { shopId: number; countyCode: number }> = {
    A: { shopId: shopA, countyCode: COUNTY_A },
    B: { shopId: shopB, countyCode: COUNTY_B },
  }
  const people = NAMES.filter((name) => name !== 'stranger').map(async (name): Promise<[Name, string]> => {
    const email = `${name.replace(' ', '-').toLowerCase()}@example.cn`
    const userId = await identity.register({ name, email, password: 'peas-and-papaya' })
    const [role = '', letter = ''] = name.split(' ')
    const scope = letters[letter]
    if (role !== 'buyer' && role !== 'owner') {
      await identity.grant({
        userId,
        role: role as Role,
        ...(scope && ['shop', 'merchant'].includes(role) ? { shopId: scope.shopId } : {}),
        ...(scope && ['host', 'commissioner', 'inspector'].includes(role) ? { countyCode: scope.countyCode } : {}),
      })
    }
    return [name, signSessionCookie(userId, SECRET, new Date())]
  })
  return new Map(await Promise.all(people))
}

/** A lot and a SKU on sale in shop A, an address and an order of the owner's, a room of county A. */
async function fillShop(ask: AccessWorld['ask'], shopA: number) {
  const done = async (answer: Promise<LightMyRequestResponse>) => {
    const { statusCode, body } = await answer
    if (statusCode >= 300) throw new Error(`the world could not be made: ${statusCode} ${body}`)
    return JSON.parse(body)
  }
  const lot = await done(ask('shop A', 'POST', `/api/shops/${shopA}/lots`, LOT))
  const sku = await done(ask('shop A', 'POST', `/api/shops/${shopA}/skus`, { ...SKU, lotId: lot.id }))
  const skuId = sku.skuId ?? sku.id
  await done(ask('shop A', 'PATCH', `/api/shops/${shopA}/skus/${skuId}`, { version: sku.version, status: 'on_sale' }))
  const address = await done(ask('owner', 'POST', '/api/me/addresses', ADDRESS))
  const lines = [{ shopId: shopA, skuId, qty: 1, expectedPriceFen: SKU.priceFen }]
  const checkout = await done(ask('owner', 'POST', '/api/checkouts', { lines, addressId: address.id }))
  const room = await done(
    ask('host A', 'POST', '/api/rooms', {
      countyCode: COUNTY_A,
      titleZh: '景东甜豌豆',
      hostName: '李县长',
      scheduledAt: IN_AN_HOUR,
    }),
  )
  return {
    lotId: lot.id as number,
    skuId: skuId as number,
    addressId: address.id as number,
    checkoutId: checkout.checkoutId as string,
    orderId: checkout.orders[0].orderId as number,
    roomA: (room.room?.id ?? room.id) as number,
  }
}

/** A mute of the owner's in the room, against which only they can say something. */
async function silenceOwner(app: App, roomId: number): Promise<number> {
  const [mute] = await app.platform.db.query<{ id: number }>(
    `insert into chat_mutes (room_id, county_code, user_id, whole_county, user_name, line_text, reason, muted_at)
     select $1, $2, id, true, name, '加我微信', 'spam', now() from users where email = 'owner@example.cn' returning id`,
    [roomId, COUNTY_A],
  )
  return mute?.id ?? 0
}

/** A merchant whose staff is merchant A, and an offer to it that waits. */
async function setUpMerchant(app: App, ask: AccessWorld['ask']) {
  const made = await ask('merchant A', 'POST', '/api/merchants', MERCHANT)
  if (made.statusCode !== 201) throw new Error(`the merchant could not be made: ${made.statusCode} ${made.body}`)
  const merchantA = made.json().id as number
  const [offer] = await app.platform.db.query<{ id: number }>(
    `with c as (
       insert into relief_cases (stage, produce_slug, county_code, grams, harvest_from, harvest_to, stage_since, stage_due,
         reported_at)
       values ('offered', 'pea-pod', $1, 5000000, '2026-03-01', '2026-12-31', now(), now(), now()) returning id
     )
     insert into offers (case_id, merchant_id, grams, least_g, pick_day, pickups, made_at, expires_at)
     select c.id, $2, 5000000, 1000000, '2026-12-01', '[]', now(), now() + interval '2 hours' from c returning id`,
    [COUNTY_A, merchantA],
  )
  return { merchantA, offerA: offer?.id ?? 0 }
}
