import type { FlashInput } from '@chunbo/contract/coupons'
import type { HiddenInput, MorePacksInput } from '@chunbo/contract/show'
import { send } from '../../ui/api.ts'

const shelf = (roomId: number) => `/api/rooms/${roomId}/shelf`

export const putHidden = (roomId: number, input: HiddenInput) => send<unknown>('PUT', `${shelf(roomId)}/hidden`, input)
export const addPacks = (roomId: number, input: MorePacksInput) =>
  send<{ stock: number }>('POST', `${shelf(roomId)}/stock`, input)
export const openFlash = (roomId: number, input: FlashInput) =>
  send<unknown>('POST', `/api/rooms/${roomId}/flash`, input)
