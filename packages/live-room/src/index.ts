export type { ChatVerdict } from './chat-gate.ts'
export { ROOM_LIMITS, type RoomLimits } from './limits.ts'
export { LiveRoom } from './live-room.ts'
export { CHAT_REFUSALS } from './refusals.ts'
export {
  type Appended,
  aspectOf,
  type BusListener,
  type RoomBus,
  type RoomWord,
  type SharedEntry,
} from './room-bus.ts'
export { RoomHub, type RoomHubOptions } from './room-hub.ts'
export type { RoomClock, RoomExtras, RoomHooks, RoomOpening } from './room-opening.ts'
export type { RoomSocket, Viewer } from './session.ts'
