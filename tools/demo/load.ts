import type { Role } from '@chunbo/contract'
import type { DemoShop } from './counties/demo-shop.ts'
import { loadGluts } from './gluts.ts'
import { setUpMerchants } from './merchants.ts'
import { DEMO_BUYERS, DEMO_PASSWORD, DEMO_PEOPLE, type DemoPerson } from './people.ts'
import { uploadCover, uploadProductPictures } from './pictures.ts'
import type { ReliefPeople } from './relief-case.ts'
import { DemoSession } from './session.ts'
import { DEMO_ROOMS, DEMO_SHOPS, type DemoRoom } from './world.ts'

/** What the demo needs of the running system besides its HTTP doors: the first people, whom nobody could have invited. */
export interface DemoDoors {
  readonly baseUrl: string
  /** Makes a user with a password; gives the id. */
  register(person: {
    name: string
    email: string
    phone: string
    password: string
    demoRole: Role | 'buyer'
  }): Promise<number>
  /** Gives a role in the name of the installation. */
  grant(grant: { userId: number; role: Role; countyCode?: number; shopId?: number }): Promise<unknown>
  /** One line of progress. */
  say(line: string): void
}

/** A SKU that stands in the demo world. */
interface PlacedSku {
  readonly shopId: number
  readonly skuId: number
  readonly countyCode: number
  readonly priceFen: number
  readonly sold: number
}

const DAY_MS = 86_400_000
const day = (offset: number) => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10)

/**
 * Loads the demo world into an empty store, by way of the HTTP API. Safe to run again after it was cut off: people are
 * found again, and shops are only made while there are none.
 */
export async function loadDemoWorld(doors: DemoDoors): Promise<void> {
  const operator = await openOperator(doors)
  const placed: PlacedSku[] = []
  for (const [index, shop] of DEMO_SHOPS.entries()) {
    doors.say(`演示数据 ${index + 1}/${DEMO_SHOPS.length + 2}：${shop.nameZh} / demo world: ${shop.nameEn}`)
    placed.push(...(await openShop(doors, operator, shop, index)))
  }
  const merchantId = await registerRest(doors)
  await setUpMerchants(operator, merchantId)
  doors.say(`演示数据 ${DEMO_SHOPS.length + 1}/${DEMO_SHOPS.length + 2}：直播间 / demo world: rooms`)
  await scheduleRooms(doors, placed)
  placed.push(...(await loadGluts(await openRelief(doors))))
  doors.say(`演示数据 ${DEMO_SHOPS.length + 2}/${DEMO_SHOPS.length + 2}：订单 / demo world: orders`)
  await placeOrders(doors, placed)
}

/** Whether the store has no shop yet. */
export async function isEmptyStore(baseUrl: string): Promise<boolean> {
  const skus = await new DemoSession(baseUrl).send<{ items: unknown[] }>('GET', '/api/skus?limit=1')
  return skus.items.length === 0
}

async function enter(doors: DemoDoors, person: DemoPerson): Promise<{ userId: number; session: DemoSession }> {
  const { nameZh: name, email, phone, role: demoRole } = person
  const userId = await doors.register({ name, email, phone, password: DEMO_PASSWORD, demoRole })
  const session = new DemoSession(doors.baseUrl)
  await session.signIn(email, DEMO_PASSWORD)
  return { userId, session }
}

/** Gives a role, or finds it given by a load that was cut off. */
async function give(doors: DemoDoors, grant: Parameters<DemoDoors['grant']>[0]): Promise<void> {
  try {
    await doors.grant(grant)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'identity.grant_exists')) throw error
  }
}

/** Whether a load was cut off after its first goods: the rooms come after all goods, so there is none. */
export async function isHalfLoaded(baseUrl: string): Promise<boolean> {
  const session = new DemoSession(baseUrl)
  for (const status of ['live', 'scheduled', 'ended']) {
    const rooms = await session.send<{ items: unknown[] }>('GET', `/api/rooms?status=${status}&limit=1`)
    if (rooms.items.length > 0) return false
  }
  return !(await isEmptyStore(baseUrl))
}

async function openOperator(doors: DemoDoors): Promise<DemoSession> {
  const person = DEMO_PEOPLE.find(({ role }) => role === 'operator')
  if (!person) throw new Error('the demo world has no operator')
  const { userId, session } = await enter(doors, person)
  await give(doors, { userId, role: 'operator' })
  return session
}

async function openShop(doors: DemoDoors, operator: DemoSession, shop: DemoShop, seed: number): Promise<PlacedSku[]> {
  const { id: shopId } = await operator.send<{ id: number }>('POST', '/api/shops', {
    countyCode: shop.countyCode,
    nameZh: shop.nameZh,
    nameEn: shop.nameEn,
    aboutZh: shop.aboutZh,
    aboutEn: shop.aboutEn,
  })
  const person = DEMO_PEOPLE.find((candidate) => candidate.shop === shop.key)
  if (!person) throw new Error(`no staff for shop ${shop.key}`)
  const { userId, session } = await enter(doors, person)
  await give(doors, { userId, role: 'shop', shopId })
  const placed: PlacedSku[] = []
  for (const lot of shop.lots) {
    const { skus, harvestDays, ...fields } = lot
    const { id: lotId } = await session.send<{ id: number }>('POST', `/api/shops/${shopId}/lots`, {
      ...fields,
      countyCode: shop.countyCode,
      harvestFrom: day(harvestDays[0]),
      harvestTo: day(harvestDays[1]),
    })
    for (const { shape, sold, ...sku } of skus) {
      const pictureIds = await uploadProductPictures(session, shape, seed + placed.length)
      const made = await session.send<{ skuId: number; version: number }>('POST', `/api/shops/${shopId}/skus`, {
        ...sku,
        lotId,
        pictureIds,
      })
      await session.send('PATCH', `/api/shops/${shopId}/skus/${made.skuId}`, {
        version: made.version,
        status: 'on_sale',
      })
      placed.push({ shopId, skuId: made.skuId, countyCode: shop.countyCode, priceFen: sku.priceFen, sold })
    }
  }
  return placed
}

/** Registers everybody who has no shop; gives the id of who acts for a merchant. */
async function registerRest(doors: DemoDoors): Promise<number> {
  let merchantId = 0
  for (const person of DEMO_PEOPLE) {
    if (person.role === 'shop' || person.role === 'operator') continue
    const { userId, session } = await enter(doors, person)
    const { role } = person
    if (role === 'merchant') merchantId = userId
    if (role === 'buyer') await addAddress(session, person)
    else if (person.counties) for (const countyCode of person.counties) await give(doors, { userId, role, countyCode })
    else await give(doors, { userId, role })
  }
  return merchantId
}

function addAddress(session: DemoSession, person: DemoPerson): Promise<{ id: number }> {
  return session.send<{ id: number }>('POST', '/api/me/addresses', {
    name: person.nameZh.replace(/^.* /, ''),
    phone: person.phone,
    regionCode: 110105,
    detail: '演示路 8 号院 3 号楼 502',
    isDefault: true,
  })
}

/** Those who take a glut from the report to the shelf; the farmer reports without an account. */
async function openRelief(doors: DemoDoors): Promise<ReliefPeople> {
  const sessionOf = async (role: Role) => {
    const person = DEMO_PEOPLE.find((candidate) => candidate.role === role)
    if (!person) throw new Error(`the demo world has nobody as ${role}`)
    return (await enter(doors, person)).session
  }
  return {
    farmer: new DemoSession(doors.baseUrl),
    desk: await sessionOf('relief_desk'),
    merchant: await sessionOf('merchant'),
    inspector: await sessionOf('inspector'),
  }
}

async function openHost(doors: DemoDoors): Promise<DemoSession> {
  const person = DEMO_PEOPLE.find(({ role }) => role === 'host')
  if (!person) throw new Error('the demo world has no host')
  return (await enter(doors, person)).session
}

async function scheduleRoom(host: DemoSession, room: DemoRoom, goods: readonly PlacedSku[]): Promise<number> {
  const { countyCode, titleZh, titleEn, hostName, hostOffice, hostOfficeEn } = room
  const { id } = await host.send<{ id: number }>('POST', '/api/rooms', {
    countyCode,
    titleZh,
    titleEn,
    hostName,
    hostOffice,
    hostOfficeEn,
    scheduledAt: new Date(Date.now() + (room.inHours ?? 0) * 3_600_000 + 60_000).toISOString(),
    coverPictureId: await uploadCover(host, room.cover, room.look),
  })
  const items = goods.filter((sku) => sku.countyCode === countyCode).map(({ shopId, skuId }) => ({ shopId, skuId }))
  await host.send('PUT', `/api/rooms/${id}/shelf`, { items })
  return id
}

async function scheduleRooms(doors: DemoDoors, placed: readonly PlacedSku[]): Promise<void> {
  const host = await openHost(doors)
  for (const room of DEMO_ROOMS) await scheduleRoom(host, room, placed)
}

async function placeOrders(doors: DemoDoors, placed: readonly PlacedSku[]): Promise<void> {
  const buyers: { session: DemoSession; addressId: number }[] = []
  for (const person of DEMO_BUYERS) {
    const { session } = await enter(doors, person)
    buyers.push({ session, addressId: (await addAddress(session, person)).id })
  }
  for (const [index, sku] of placed.entries()) {
    // The packs sold are spread over buyers in orders of up to six, within every limit per buyer.
    let left = Math.min(sku.sold, buyers.length * 6)
    for (let turn = index; left > 0; turn++) {
      const buyer = buyers[turn % buyers.length]
      if (!buyer) break
      const qty = Math.min(left, 1 + (turn % 6))
      left -= qty
      await buy(buyer.session, buyer.addressId, sku, qty)
      if (turn - index >= buyers.length - 1) break
    }
  }
}

async function buy(session: DemoSession, addressId: number, sku: PlacedSku, qty: number): Promise<void> {
  const { checkoutId } = await session.send<{ checkoutId: string }>(
    'POST',
    '/api/checkouts',
    { lines: [{ shopId: sku.shopId, skuId: sku.skuId, qty, expectedPriceFen: sku.priceFen }], addressId },
    { 'idempotency-key': DemoSession.newKey() },
  )
  await session.send('POST', `/api/checkouts/${checkoutId}/pay`, { method: 'sandbox' })
}

/** The room that is on air in the demo: found again, or made anew when the last one was ended. Gives its key. */
export async function openLiveRoom(doors: DemoDoors): Promise<{ roomId: number; streamKey: string }> {
  const host = await openHost(doors)
  const wanted = DEMO_ROOMS.find(({ inHours }) => inHours === null)
  if (!wanted) throw new Error('the demo world has no room on air')
  const rooms = await host.send<{ items: { id: number; status: string; titleZh: string }[] }>(
    'GET',
    '/api/my/rooms?limit=100',
  )
  const open = rooms.items.find((room) => room.titleZh === wanted.titleZh && room.status !== 'ended')
  const roomId = open?.id ?? (await scheduleRoom(host, wanted, await findGoods(doors.baseUrl, wanted.countyCode)))
  const desk = await host.send<{
    pinned: unknown
    shelf: { sku: { shopId: number; skuId: number } }[]
    ingest: { streamKey: string }
  }>('GET', `/api/rooms/${roomId}/desk`)
  return { roomId, streamKey: desk.ingest.streamKey }
}

/** Pins the first product of a room's shelf unless something is pinned. The room must be on air. */
export async function pinFirst(doors: DemoDoors, roomId: number): Promise<void> {
  const host = await openHost(doors)
  const room = await host.send<{ pinned: unknown; shelf: { sku: { shopId: number; skuId: number } }[] }>(
    'GET',
    `/api/rooms/${roomId}`,
  )
  const first = room.shelf[0]
  if (room.pinned === null && first) {
    await host.send('PUT', `/api/rooms/${roomId}/pin`, { shopId: first.sku.shopId, skuId: first.sku.skuId })
  }
}

async function findGoods(baseUrl: string, countyCode: number): Promise<PlacedSku[]> {
  const session = new DemoSession(baseUrl)
  const { items } = await session.send<{ items: { shopId: number; skuId: number; priceFen: number }[] }>(
    'GET',
    `/api/skus?county=${countyCode}&limit=50`,
  )
  return items.map(({ shopId, skuId, priceFen }) => ({ shopId, skuId, priceFen, countyCode, sold: 0 }))
}
