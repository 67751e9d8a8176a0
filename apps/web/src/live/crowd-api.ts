import type { RoomMe } from '@chunbo/contract/audience'
import type { ChatReason, MyMute, MyQuestion } from '@chunbo/contract/chat'
import type { ClaimedCoupon, Coupon } from '@chunbo/contract/coupons'
import type { DropEntry, DropPage, MyDrops } from '@chunbo/contract/show'
import { read, send } from '../ui/api.ts'

/** What a viewer and a room say to each other beside the socket. */
export const loadRoomMe = (roomId: number) => read<RoomMe>(`/api/rooms/${roomId}/me`)
export const setReminder = (roomId: number, on: boolean) =>
  send<{ reminded: boolean }>(on ? 'PUT' : 'DELETE', `/api/rooms/${roomId}/reminder`, {})

export const loadMyDrops = (roomId: number) => read<MyDrops>(`/api/rooms/${roomId}/drops/mine`)
export const loadDrop = (dropId: number, signal: AbortSignal) => read<DropPage>(`/api/drops/${dropId}`, { signal })
export const enterBag = (dropId: number) => send<DropEntry>('POST', `/api/drops/${dropId}/enter`, {})
export const vote = (dropId: number, option: number) => send<void>('POST', `/api/drops/${dropId}/vote`, { option })
export const takePrize = (dropId: number, addressId: number) =>
  send<void>('POST', `/api/drops/${dropId}/prize`, { addressId })
export const claimCoupon = (dropId: number) => send<ClaimedCoupon>('POST', `/api/drops/${dropId}/claim`, {})
export const loadMyCoupons = () => read<{ items: Coupon[] }>('/api/my/coupons?limit=100')

export const loadMyQuestions = (roomId: number) => read<{ items: MyQuestion[] }>(`/api/rooms/${roomId}/questions/mine`)
export const reportLine = (roomId: number, lineId: string, reason: ChatReason) =>
  send<void>('POST', `/api/rooms/${roomId}/reports`, { lineId, reason })
export const loadMyMutes = () => read<{ items: MyMute[] }>('/api/my/mutes')
export const appeal = (muteId: number, words: string) => send<MyMute>('POST', `/api/mutes/${muteId}/appeal`, { words })
