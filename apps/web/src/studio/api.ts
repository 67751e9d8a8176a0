import type { Lot, LotInput, Produce, SkuEdit, SkuInput, StudioSku } from '@chunbo/contract/catalogue'
import type { Order } from '@chunbo/contract/orders'
import type { Shop, ShopEdit } from '@chunbo/contract/shops'
import { query, read, send } from '../ui/api.ts'
import type { Page } from '../ui/use-pages.ts'

/** Every call of the studio to the server, in one place. */
interface List<T> {
  items: T[]
}

export const loadMyShops = (signal: AbortSignal) => read<List<Shop>>('/api/my/shops', { signal })
export const loadShop = (shopId: number, signal: AbortSignal) => read<Shop>(`/api/shops/${shopId}`, { signal })
export const changeShop = (shopId: number, edit: ShopEdit) => send<Shop>('PATCH', `/api/shops/${shopId}`, edit)

export const loadLots = (shopId: number, signal: AbortSignal) =>
  read<List<Lot>>(`/api/shops/${shopId}/lots`, { signal }).then((list) => list.items)
export const createLot = (shopId: number, input: LotInput) => send<Lot>('POST', `/api/shops/${shopId}/lots`, input)
export const changeLot = (shopId: number, lotId: number, input: LotInput) =>
  send<Lot>('PUT', `/api/shops/${shopId}/lots/${lotId}`, input)

export const loadSkus = (shopId: number, signal: AbortSignal) =>
  read<List<StudioSku>>(`/api/shops/${shopId}/skus`, { signal }).then((list) => list.items)
export const createSku = (shopId: number, input: SkuInput) =>
  send<StudioSku>('POST', `/api/shops/${shopId}/skus`, input)
export const changeSku = (shopId: number, skuId: number, edit: SkuEdit) =>
  send<StudioSku>('PATCH', `/api/shops/${shopId}/skus/${skuId}`, edit)
export const changeStock = (shopId: number, skuId: number, delta: number) =>
  send<StudioSku>('POST', `/api/shops/${shopId}/skus/${skuId}/stock`, { delta })

export const loadOrders = (
  shopId: number,
  filter: { status?: string | undefined; cursor?: string | undefined; limit?: number | undefined },
  signal: AbortSignal,
) => read<Page<Order>>(`/api/shops/${shopId}/orders${query({ ...filter })}`, { signal })
export const shipOrder = (shopId: number, orderId: number, parcel: { carrier: string; trackingNumber: string }) =>
  send<Order>('POST', `/api/shops/${shopId}/orders/${orderId}/ship`, parcel)

let produce: Promise<Produce[]> | undefined
/** The list of produce, asked for once: it changes with a release, not with a day. */
export function loadProduce(): Promise<Produce[]> {
  produce ??= read<List<Produce>>('/api/produce').then((list) => list.items)
  produce.catch(() => {
    produce = undefined
  })
  return produce
}
