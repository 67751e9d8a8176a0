import type { HandoverInput } from '@chunbo/contract/audience'
import type { RoomDesk } from '@chunbo/contract/rooms'
import type {
  DeskActions,
  DeskFigures,
  DeskPanel,
  DeskPeople,
  DeskSeat,
  DeskWarnings,
  SeatInput,
} from '@chunbo/contract/show'
import { read, send } from '../../ui/api.ts'

/** Calls about the desk itself: who is at it, what was done, what needs a look. */
const room = (roomId: number) => `/api/rooms/${roomId}`

export const loadPeople = (roomId: number, signal: AbortSignal) =>
  read<DeskPeople>(`${room(roomId)}/people`, { signal })
export const loadActions = (roomId: number, signal: AbortSignal) =>
  read<DeskActions>(`${room(roomId)}/actions`, { signal })
export const loadWarnings = (roomId: number, signal: AbortSignal) =>
  read<DeskWarnings>(`${room(roomId)}/warnings`, { signal })
export const loadFigures = (roomId: number, signal: AbortSignal) =>
  read<DeskFigures>(`${room(roomId)}/figures`, { signal })

export const takeSeat = (roomId: number, seat: DeskSeat | null, panel: DeskPanel | null, device: string) =>
  send<unknown>('PUT', `${room(roomId)}/seat`, { seat, panel, device } satisfies SeatInput)
export const undoAction = (roomId: number, actionId: number) =>
  send<unknown>('POST', `${room(roomId)}/actions/${actionId}/undo`, {})
export const handOver = (roomId: number, input: HandoverInput) =>
  send<RoomDesk>('POST', `${room(roomId)}/handover`, input)
