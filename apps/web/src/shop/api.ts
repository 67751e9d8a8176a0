import type { Place } from '@chunbo/contract/basics'
import type { SkuCard, SkuPage } from '@chunbo/contract/catalogue'
import type { County } from '@chunbo/contract/counties'
import type { Coupon } from '@chunbo/contract/coupons'
import type { Address, AddressInput } from '@chunbo/contract/identity'
import type { CountyImpact, Sold } from '@chunbo/contract/impact'
import type { CheckoutInput, CheckoutResult, Order, OrderStatus } from '@chunbo/contract/orders'
import type { RoomCard, RoomPage, RoomStatus } from '@chunbo/contract/rooms'
import type { Shop } from '@chunbo/contract/shops'
import { query, read, send } from '../ui/api.ts'
import { noteOnAir } from '../ui/rooms-on-air.ts'
import type { Page } from '../ui/use-pages.ts'

/** Every call of the shop to the server, in one place. The first four make the home page; the server may put them into it. */
interface List<T> {
  items: T[]
}

export const loadRooms = (status: RoomStatus, signal: AbortSignal, countyCode?: number, cursor?: string) =>
  read<Page<RoomCard>>(`/api/rooms${query({ status, county: countyCode, cursor, limit: 12 })}`, { signal }).then(
    (page) => {
      if (status === 'live') noteOnAir(page.items)
      return page
    },
  )
export const loadGoods = (
  by: { sort: 'new' | 'sold'; county?: number; shop?: number; cursor?: string | undefined },
  signal: AbortSignal,
) => read<Page<SkuCard>>(`/api/skus${query({ ...by, limit: 20 })}`, { signal })
export const loadImpact = (signal: AbortSignal) =>
  read<{ total: Sold; items: { county: Place; sold: Sold }[]; asOf: string }>('/api/impact/counties?limit=8', {
    signal,
  })

export const loadGoodsById = (skuIds: readonly number[], signal: AbortSignal) =>
  read<List<SkuCard>>(`/api/skus${query({ ids: skuIds.join(',') })}`, { signal }).then((list) => list.items)
export const loadSku = (skuId: number, signal: AbortSignal) => read<SkuPage>(`/api/skus/${skuId}`, { signal })
export const loadRoom = (roomId: number, signal: AbortSignal) => read<RoomPage>(`/api/rooms/${roomId}`, { signal })

export const loadCounty = (code: number, signal: AbortSignal) => read<County>(`/api/counties/${code}`, { signal })
export const loadCounties = (
  by: { q?: string | undefined; province?: number | undefined; cursor?: string | undefined },
  signal: AbortSignal,
) => read<Page<County>>(`/api/counties${query({ listed: 1, ...by, limit: 50 })}`, { signal })
export const loadCountyImpact = (code: number, signal: AbortSignal) =>
  read<CountyImpact>(`/api/impact/counties/${code}`, { signal })
export const loadShop = (shopId: number, signal: AbortSignal) => read<Shop>(`/api/shops/${shopId}`, { signal })
export const loadShops = (countyCode: number, signal: AbortSignal) =>
  read<List<Shop>>(`/api/shops${query({ county: countyCode })}`, { signal }).then((list) => list.items)

/** The buyer's own addresses, the default first. */
export const loadAddresses = (signal?: AbortSignal) =>
  read<Address[]>('/api/me/addresses', signal === undefined ? {} : { signal })
export const saveAddress = (input: AddressInput, id?: number) =>
  id === undefined
    ? send<Address>('POST', '/api/me/addresses', input)
    : send<Address>('PUT', `/api/me/addresses/${id}`, input)
export const removeAddress = (id: number) => send<void>('DELETE', `/api/me/addresses/${id}`)

export const placeCheckout = (input: CheckoutInput, idempotencyKey: string) =>
  send<CheckoutResult>('POST', '/api/checkouts', input, { idempotencyKey })
export const payCheckout = (checkoutId: string) =>
  send<{ checkoutId: string; paidFen: number; paidAt: string }>('POST', `/api/checkouts/${checkoutId}/pay`, {
    method: 'sandbox',
  })
export const cancelCheckout = (checkoutId: string) => send<unknown>('POST', `/api/checkouts/${checkoutId}/cancel`, {})

/** The buyer's own coupons of a state. */
export const loadCoupons = (state: Coupon['state'], cursor: string | undefined, signal: AbortSignal) =>
  read<Page<Coupon>>(`/api/my/coupons${query({ state, cursor, limit: state === 'usable' ? 100 : 20 })}`, { signal })

export const loadOrders = (status: OrderStatus | undefined, cursor: string | undefined, signal: AbortSignal) =>
  read<Page<Order>>(`/api/orders${query({ status, cursor, limit: 20 })}`, { signal })
export const loadOrder = (shopId: number, orderId: number, signal: AbortSignal) =>
  read<Order>(`/api/orders/${shopId}/${orderId}`, { signal })
export const receiveOrder = (shopId: number, orderId: number) =>
  send<Order>('POST', `/api/orders/${shopId}/${orderId}/receive`, {})
