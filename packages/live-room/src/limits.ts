import { CHAT_CHARS_MAX, ROOM_MESSAGE_BYTES_MAX } from '@chunbo/contract'

/** Everything that bounds a room. Times in ms, sizes in bytes, rates as a bucket: so many at once, then so many a second. */
export interface RoomLimits {
  /** Gap between two ticks. 200 ms is five frames a second, at which 10,000 viewers took half a core. */
  readonly tickMs: number
  readonly viewersMax: number
  readonly socketsMax: number
  readonly roomsMax: number
  /** How long a new socket may stay silent before its hello. */
  readonly helloMs: number
  /** How long a socket may give no sign of life, pongs included. */
  readonly silenceMs: number
  readonly pingEveryMs: number
  /** Gap between two rounds of housekeeping, which notice silence. */
  readonly sweepMs: number
  /** Unsent bytes over which a reader is slow and is skipped. */
  readonly slowBytes: number
  /** How long a slow reader may stay slow. */
  readonly lagMs: number
  /** Stream events and bytes that are kept for those who come back. */
  readonly historyEventsMax: number
  readonly historyBytesMax: number
  /** Bytes of missed events over which a fresh snapshot is the cheaper answer. */
  readonly resumeBytesMax: number
  readonly messageBytesMax: number
  readonly chatCharsMax: number
  /** Any message, by socket. */
  readonly messages: Rate
  /** Chat, by user. */
  readonly chatByUser: Rate
  /** Chat, all users of a room together; bounds the size of a tick. */
  readonly chatByRoom: Rate
  /** New sockets, by address. */
  readonly joinsByAddress: Rate
  readonly socketsByAddressMax: number
  /** The viewer count is told at most this often, because in a full room it changes with every tick. */
  readonly viewersEveryMs: number
  /** How long a room that is not on air stays in memory with nobody in it. */
  readonly idleRoomMs: number
}

export interface Rate {
  readonly burst: number
  readonly perS: number
}

export const ROOM_LIMITS: RoomLimits = {
  tickMs: 200,
  viewersMax: 25_000,
  socketsMax: 50_000,
  roomsMax: 2_000,
  helloMs: 10_000,
  silenceMs: 60_000,
  pingEveryMs: 25_000,
  sweepMs: 5_000,
  slowBytes: 64 * 1024,
  lagMs: 10_000,
  historyEventsMax: 1_000,
  historyBytesMax: 256 * 1024,
  resumeBytesMax: 64 * 1024,
  messageBytesMax: ROOM_MESSAGE_BYTES_MAX,
  chatCharsMax: CHAT_CHARS_MAX,
  messages: { burst: 30, perS: 5 },
  chatByUser: { burst: 5, perS: 0.5 },
  chatByRoom: { burst: 200, perS: 400 },
  // Whole districts share an address behind carrier NAT, so these stop one machine and not a village.
  joinsByAddress: { burst: 300, perS: 30 },
  socketsByAddressMax: 2_000,
  viewersEveryMs: 1_000,
  idleRoomMs: 300_000,
}
