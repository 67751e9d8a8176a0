/** Every page of the web app with an address at which there is something to see, and who looks at it. */
import assert from 'node:assert/strict'
import type { SkuCard } from '@chunbo/contract/catalogue'
import type { CheckoutResult } from '@chunbo/contract/orders'
import type { RoomCard } from '@chunbo/contract/rooms'
import { JINGDONG } from '../demo/counties/demo-shop.ts'
import { DemoSession } from '../demo/session.ts'
import { aidVisits } from './aid-visits.ts'
import { audienceVisits } from './audience-visits.ts'
import { couponVisits } from './coupon-visits.ts'
import { eveningVisits } from './evening-visits.ts'
import type { House } from './house.ts'
import { inspectVisits } from './inspect-visits.ts'
import { merchantVisits } from './merchant-visits.ts'
import { reliefDeskVisits } from './relief-desk-visits.ts'
import { reliefVisits } from './relief-visits.ts'

export interface Visit {
  /** Path pattern of the route, as the router has it. */
  readonly route: string
  readonly path: string
  /** Email of who looks; a stranger without. */
  readonly as?: string
  /** Name of the picture. */
  readonly name: string
}

const buyer = 'buyer@demo.chunbo'
const staff = 'shop@demo.chunbo'
const host = 'host@demo.chunbo'

/** Route patterns of the areas, read from the files that the router itself is built from. */
export async function routePatterns(): Promise<string[]> {
  interface Row {
    path: string
    redirect?: string
    children?: Row[]
  }
  const areas = await Promise.all(
    [
      'shop',
      'live',
      'studio',
      'desk',
      'evening',
      'relief',
      'relief-desk',
      'merchant',
      'inspect',
      'aid',
      'audience',
    ].map(async (area): Promise<{ routes: Row[] }> => {
      return import(new URL(`../../apps/web/src/${area}/routes.ts`, import.meta.url).href)
    }),
  )
  const flat = (row: Row): string[] =>
    row.children?.map((child) => `${row.path}/${child.path}`.replace(/\/$/, '')) ?? [row.path]
  // An address that only leads to another one has no page of its own.
  return areas.flatMap(({ routes }) => routes.filter((row) => row.redirect === undefined).flatMap(flat))
}

/** Makes what the demo world lacks (orders in every state) and gives the visits. */
export async function makeVisits(house: House): Promise<Visit[]> {
  const open = new DemoSession(house.baseUrl)
  const { items: skus } = await open.send<{ items: SkuCard[] }>('GET', `/api/skus?county=${JINGDONG}&sort=sold`)
  const [peas, second] = skus
  assert.ok(peas && second)
  const rooms = async (status: string) =>
    (await open.send<{ items: RoomCard[] }>('GET', `/api/rooms?status=${status}`)).items[0]?.id ?? 0
  const [liveRoom, scheduledRoom] = [await rooms('live'), await rooms('scheduled')]
  const { order, checkoutId } = await makeOrders(house, peas, second)
  const staffSession = await house.session(staff)
  const { items: lots } = await staffSession.send<{ items: { id: number }[] }>('GET', `/api/shops/${peas.shopId}/lots`)
  const { shopId, skuId } = peas
  return [
    ...shopVisits({ shopId, skuId, liveRoom, scheduledRoom }),
    ...buyerVisits({ shopId, order, checkoutId, liveRoom }),
    ...studioVisits({ shopId, skuId, lotId: lots[0]?.id ?? 0 }),
    ...deskVisits({ liveRoom, scheduledRoom }),
    ...eveningVisits({ liveRoom, scheduledRoom }),
    ...(await couponVisits(house, liveRoom)),
    ...(await reliefVisits(house)),
    ...(await reliefDeskVisits(house)),
    ...(await merchantVisits(house)),
    ...(await inspectVisits(house)),
    ...(await aidVisits(house)),
    ...(await audienceVisits(house)),
  ]
}

/** What a stranger sees. */
function shopVisits(ids: { shopId: number; skuId: number; liveRoom: number; scheduledRoom: number }): Visit[] {
  const { shopId, skuId, liveRoom, scheduledRoom } = ids
  return [
    { route: '/', path: '/', name: 'home' },
    { route: '/goods/:id(\\d+)', path: `/goods/${skuId}`, name: 'goods' },
    { route: '/counties', path: '/counties', name: 'counties' },
    { route: '/counties/:code(\\d{6})', path: `/counties/${JINGDONG}`, name: 'county' },
    { route: '/shops/:id(\\d+)', path: `/shops/${shopId}`, name: 'shop' },
    { route: '/live', path: '/live', name: 'live' },
    { route: '/rooms/:id(\\d+)', path: `/rooms/${liveRoom}`, name: 'room-live' },
    { route: '/rooms/:id(\\d+)', path: `/rooms/${scheduledRoom}`, name: 'room-scheduled' },
    { route: '/cart', path: '/cart', name: 'cart-empty' },
    { route: '/me', path: '/me', name: 'me-stranger' },
    { route: '/sign-in', path: '/sign-in', name: 'sign-in' },
    { route: '/demo', path: '/demo', name: 'demo' },
    { route: 'lost', path: '/no/such/page', name: 'lost' },
  ]
}

function buyerVisits(ids: { shopId: number; order: number; checkoutId: string; liveRoom: number }): Visit[] {
  const { shopId, order, checkoutId, liveRoom } = ids
  return [
    { route: '/rooms/:id(\\d+)', path: `/rooms/${liveRoom}`, as: buyer, name: 'room-live-buyer' },
    { route: '/cart', path: '/cart', as: buyer, name: 'cart' },
    { route: '/checkout', path: '/checkout', as: buyer, name: 'checkout' },
    { route: '/orders', path: '/orders', as: buyer, name: 'orders' },
    {
      route: '/orders/:shopId(\\d+)/:orderId(\\d+)',
      path: `/orders/${shopId}/${order}`,
      as: buyer,
      name: 'order',
    },
    { route: '/paid/:checkoutId', path: `/paid/${checkoutId}`, as: buyer, name: 'paid' },
    { route: '/me', path: '/me', as: buyer, name: 'me' },
    { route: '/me/addresses', path: '/me/addresses', as: buyer, name: 'addresses' },
  ]
}

function studioVisits({ shopId, skuId, lotId }: { shopId: number; skuId: number; lotId: number }): Visit[] {
  const studio = `/studio/${shopId}`
  return [
    { route: '/studio', path: '/studio', as: staff, name: 'studio' },
    { route: '/studio/:shopId(\\d+)', path: studio, as: staff, name: 'studio-start' },
    { route: '/studio/:shopId(\\d+)/packing', path: `${studio}/packing`, as: staff, name: 'studio-packing' },
    { route: '/studio/:shopId(\\d+)/lots', path: `${studio}/lots`, as: staff, name: 'studio-lots' },
    { route: '/studio/:shopId(\\d+)/lots/new', path: `${studio}/lots/new`, as: staff, name: 'studio-lot-new' },
    {
      route: '/studio/:shopId(\\d+)/lots/:lotId(\\d+)',
      path: `${studio}/lots/${lotId}`,
      as: staff,
      name: 'studio-lot',
    },
    { route: '/studio/:shopId(\\d+)/skus', path: `${studio}/skus`, as: staff, name: 'studio-skus' },
    { route: '/studio/:shopId(\\d+)/skus/new', path: `${studio}/skus/new`, as: staff, name: 'studio-sku-new' },
    {
      route: '/studio/:shopId(\\d+)/skus/:skuId(\\d+)',
      path: `${studio}/skus/${skuId}`,
      as: staff,
      name: 'studio-sku',
    },
    { route: '/studio/:shopId(\\d+)/orders', path: `${studio}/orders`, as: staff, name: 'studio-orders' },
    { route: '/studio/:shopId(\\d+)/shop', path: `${studio}/shop`, as: staff, name: 'studio-shop' },
  ]
}

function deskVisits({ liveRoom, scheduledRoom }: { liveRoom: number; scheduledRoom: number }): Visit[] {
  return [
    { route: '/desk', path: '/desk', as: host, name: 'desk-rooms' },
    { route: '/desk/new', path: '/desk/new', as: host, name: 'desk-new' },
    { route: '/desk/:roomId(\\d+)/edit', path: `/desk/${scheduledRoom}/edit`, as: host, name: 'desk-edit' },
    { route: '/desk/:roomId(\\d+)', path: `/desk/${liveRoom}`, as: host, name: 'desk-live' },
    { route: '/desk/:roomId(\\d+)', path: `/desk/${scheduledRoom}`, as: host, name: 'desk-scheduled' },
    { route: '/desk/:roomId(\\d+)/prompter', path: `/desk/${liveRoom}/prompter`, as: host, name: 'prompter' },
    { route: '/desk/:roomId(\\d+)/camera', path: `/desk/${scheduledRoom}/camera`, as: host, name: 'camera' },
    { route: '/operator', path: '/operator', as: 'operator@demo.chunbo', name: 'operator' },
    { route: '/operator/recordings', path: '/operator/recordings', as: 'operator@demo.chunbo', name: 'recordings' },
  ]
}

/** One order to pay, one to ship and one on its way, all of the demo's buyer. Gives the one that is on its way. */
async function makeOrders(
  house: House,
  peas: SkuCard,
  second: SkuCard,
): Promise<{ order: number; checkoutId: string }> {
  const session = await house.session(buyer)
  const addresses = await session.send<{ id: number }[]>('GET', '/api/me/addresses')
  const place = (sku: SkuCard, qty: number) =>
    session.send<CheckoutResult>(
      'POST',
      '/api/checkouts',
      {
        lines: [{ shopId: sku.shopId, skuId: sku.skuId, qty, expectedPriceFen: sku.priceFen }],
        addressId: addresses[0]?.id,
      },
      { 'idempotency-key': DemoSession.newKey() },
    )
  const pay = ({ checkoutId }: CheckoutResult) =>
    session.send('POST', `/api/checkouts/${checkoutId}/pay`, { method: 'sandbox' })
  const [sent, paid] = [await place(peas, 2), await place(second, 1)]
  await pay(sent)
  await pay(paid)
  await place(second, 1)
  const shop = await house.session(staff)
  const order = sent.orders[0]?.orderId ?? 0
  const parcel = { carrier: 'sf', trackingNumber: 'SF2026112300018' }
  await shop.send('POST', `/api/shops/${peas.shopId}/orders/${order}/ship`, parcel)
  return { order, checkoutId: paid.checkoutId }
}
