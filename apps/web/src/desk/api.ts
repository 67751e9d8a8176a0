import type { SkuCard } from '@chunbo/contract/catalogue'
import type { RoomCard, RoomDesk, RoomInput } from '@chunbo/contract/rooms'
import { query, read, send } from '../ui/api.ts'
import type { Page } from '../ui/use-pages.ts'

/** Every call of the desk to the server, in one place. */
interface GoodsOnShelf {
  shopId: number
  skuId: number
}
export type RoomEdit = Partial<Omit<RoomInput, 'countyCode'>>

export const loadMyRooms = (signal: AbortSignal) =>
  read<{ items: RoomCard[] }>('/api/my/rooms', { signal }).then((list) => list.items)
export const loadDesk = (roomId: number, signal?: AbortSignal) =>
  read<RoomDesk>(`/api/rooms/${roomId}/desk`, signal ? { signal } : {})
export const createRoom = (input: RoomInput) => send<{ id: number }>('POST', '/api/rooms', input)
export const changeRoom = (roomId: number, edit: RoomEdit) => send<unknown>('PATCH', `/api/rooms/${roomId}`, edit)

export const putShelf = (roomId: number, items: GoodsOnShelf[]) =>
  send<RoomDesk>('PUT', `/api/rooms/${roomId}/shelf`, { items: items.map(({ shopId, skuId }) => ({ shopId, skuId })) })
export const putPin = (roomId: number, { shopId, skuId }: GoodsOnShelf) =>
  send<RoomDesk>('PUT', `/api/rooms/${roomId}/pin`, { shopId, skuId })
export const removePin = (roomId: number) => send<RoomDesk>('DELETE', `/api/rooms/${roomId}/pin`)
export const renewStreamKey = (roomId: number) => send<RoomDesk>('POST', `/api/rooms/${roomId}/stream-key`, {})
export const putPublishing = (roomId: number, input: { takeover: boolean; keyUntil: string | null }) =>
  send<RoomDesk>('PUT', `/api/rooms/${roomId}/publishing`, input)
export const endRoom = (roomId: number) => send<RoomDesk>('POST', `/api/rooms/${roomId}/end`, {})

export const loadCountyGoods = (countyCode: number, cursor: string | undefined, signal: AbortSignal) =>
  read<Page<SkuCard>>(`/api/skus${query({ county: countyCode, sort: 'new', cursor, limit: 50 })}`, { signal })
