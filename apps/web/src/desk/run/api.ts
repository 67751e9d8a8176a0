import type { RunInput, RunOfShow } from '@chunbo/contract/show'
import { read, send } from '../../ui/api.ts'

export const loadRun = (roomId: number, signal?: AbortSignal) =>
  read<RunOfShow>(`/api/rooms/${roomId}/run`, signal ? { signal } : {})
export const putRun = (roomId: number, input: RunInput) => send<RunOfShow>('PUT', `/api/rooms/${roomId}/run`, input)
export const putCurrent = (roomId: number, itemId: number | null) =>
  send<RunOfShow | undefined>('POST', `/api/rooms/${roomId}/run/current`, { itemId })
