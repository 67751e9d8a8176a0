import assert from 'node:assert/strict'
import type { Address, CheckoutResult } from '@chunbo/contract'
import { createLiveWorld, type LiveWorld } from '../../live/testing/live-world.ts'

export const MINUTE_MS = 60_000
/** A show that began on a whole minute half an hour ago; times of tests are minutes from then. */
export const START_MS = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 30 * MINUTE_MS
export const at = (minute: number) => new Date(START_MS + minute * MINUTE_MS)
/** A region in Beijing, and the province it is in. */
export const BEIJING_REGION = 110101
export const BEIJING = 110000

interface Goods {
  readonly shopId: number
  readonly skuId: number
}
export interface Buyer {
  readonly id: number
  readonly addressId: number
}

/** A live world in which shows are laid into the past: orders go through the API and are then dated back. */
export interface ShowWorld extends LiveWorld {
  buyer(name: string): Promise<Buyer>
  /** A room that was on air from minute 0 until `untilMinute`, or still is. */
  show(untilMinute?: number, more?: { practice?: boolean }): Promise<number>
  pin(roomId: number, goods: Goods, fromMinute: number, untilMinute: number | null): Promise<void>
  /** Orders and pays; dated to `minute`. */
  buy(
    roomId: number | null,
    goods: Goods,
    qty: number,
    buyer: Buyer,
    minute: number,
  ): Promise<{ shopId: number; orderId: number }>
}

export async function createShowWorld(): Promise<ShowWorld> {
  const world = await createLiveWorld()
  const db = () => world.app.platform.db
  return Object.assign(world, {
    async buyer(name: string) {
      const id = await world.person(name)
      const body = { name, phone: '13800000000', regionCode: BEIJING_REGION, detail: '1 号', isDefault: true }
      const address = await world.ask<Address>('POST', '/api/me/addresses', { as: id, body })
      return { id, addressId: address.body.id }
    },
    async show(untilMinute?: number, { practice = false } = {}) {
      const { id } = await world.room()
      await db().query(
        `update rooms set status = case when $3::timestamptz is null then 'live' else 'ended' end, started_at = $2, ended_at = $3,
           practice = $4 where id = $1`,
        [id, at(0), untilMinute === undefined ? null : at(untilMinute), practice],
      )
      return id
    },
    async pin(roomId: number, { shopId, skuId }: Goods, fromMinute: number, untilMinute: number | null) {
      await db().query(
        `insert into room_pins (room_id, shop_id, sku_id, pinned_at, pinned_by, unpinned_at) values ($1, $2, $3, $4, $5, $6)`,
        [roomId, shopId, skuId, at(fromMinute), world.hostId, untilMinute === null ? null : at(untilMinute)],
      )
    },
    async buy(roomId: number | null, goods: Goods, qty: number, buyer: Buyer, minute: number) {
      const checkout = await world.ask<CheckoutResult>('POST', '/api/checkouts', {
        as: buyer.id,
        key: crypto.randomUUID(),
        body: {
          lines: [{ ...goods, qty, expectedPriceFen: 990 }],
          addressId: buyer.addressId,
          ...(roomId === null ? {} : { roomId }),
        },
      })
      assert.equal(checkout.status, 201, JSON.stringify(checkout.body))
      const { checkoutId, orders } = checkout.body
      const body = { method: 'sandbox' }
      assert.equal((await world.ask('POST', `/api/checkouts/${checkoutId}/pay`, { as: buyer.id, body })).status, 200)
      const orderId = orders[0]?.orderId ?? 0
      await db().query('update orders set created_at = $2 where id = $1', [orderId, at(minute)])
      return { shopId: goods.shopId, orderId }
    },
  })
}
