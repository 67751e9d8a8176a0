import assert from 'node:assert/strict'
import type { RoomDrop, RoomPage } from '@chunbo/contract'
import type { House } from './house.ts'
import type { Visit } from './visits.ts'

const host = 'host@demo.chunbo'
const buyer = 'buyer@demo.chunbo'
const DAY_MS = 86_400_000

/** A coupon that the room on air drops and the demo's buyer takes, where the buyer finds it. */
export async function couponVisits(house: House, liveRoom: number): Promise<Visit[]> {
  const [team, taker] = [await house.session(host), await house.session(buyer)]
  const { shelf } = await taker.send<RoomPage>('GET', `/api/rooms/${liveRoom}`)
  const sku = shelf[0]?.sku
  assert.ok(sku, 'the room on air has an empty shelf')
  const drop = await team.send<RoomDrop>('POST', `/api/rooms/${liveRoom}/coupons`, {
    shopId: sku.shopId,
    offFen: 500,
    fromFen: 2000,
    total: 100,
    seconds: 3600,
    validUntil: new Date(Date.now() + 7 * DAY_MS).toISOString(),
  })
  await taker.send('POST', `/api/drops/${drop.id}/claim`)
  return [{ route: '/me/coupons', path: '/me/coupons', as: buyer, name: 'coupons' }]
}
