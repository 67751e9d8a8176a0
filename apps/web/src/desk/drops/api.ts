import type { CouponInput } from '@chunbo/contract/coupons'
import type { BagInput, DeskDrops, DropWinners, NoticeInput, PollInput } from '@chunbo/contract/show'
import { read, send } from '../../ui/api.ts'

const room = (roomId: number) => `/api/rooms/${roomId}`

export const loadDrops = (roomId: number, signal: AbortSignal) => read<DeskDrops>(`${room(roomId)}/drops`, { signal })
export const loadWinners = (roomId: number, dropId: number, signal: AbortSignal) =>
  read<DropWinners>(`${room(roomId)}/drops/${dropId}/winners`, { signal })

export const openBag = (roomId: number, input: BagInput) => send<unknown>('POST', `${room(roomId)}/bags`, input)
export const openPoll = (roomId: number, input: PollInput) => send<unknown>('POST', `${room(roomId)}/polls`, input)
export const sayNotice = (roomId: number, input: NoticeInput) => send<unknown>('POST', `${room(roomId)}/notices`, input)
export const closeDrop = (roomId: number, dropId: number) =>
  send<unknown>('POST', `${room(roomId)}/drops/${dropId}/close`, {})
export const openCoupon = (roomId: number, input: CouponInput) =>
  send<unknown>('POST', `${room(roomId)}/coupons`, input)
