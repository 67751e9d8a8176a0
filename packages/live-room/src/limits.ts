import { CHAT_CHARS_MAX, ROOM_MESSAGE_BYTES_MAX } from '@chunbo/contract'
import type { AdmissionLimits, Rate } from '@chunbo/web-socket'

/** Everything that bounds a room. Times in ms, sizes in bytes, rates as a bucket: so many at once, then so many a second. */
export interface RoomLimits extends AdmissionLimits {
  /** Gap between two ticks. 200 ms is five frames a second, at which 10,000 viewers took half a core. */
  readonly tickMs: number
  readonly viewersMax: number
  readonly roomsMax: number
  /** How long a new socket may stay silent before its hello. */
  readonly helloMs: number
  /** How long a socket may give no sign of life, pongs included. */
  readonly silenceMs: number
  readonly pingEveryMs: number
  /** Sockets that are written to in a row before others of the process have their turn; a write takes about ten µs. */
  readonly sliceSockets: number
  /** Gap between two rounds of housekeeping, which notice silence. */
  readonly sweepMs: number
  /** Unsent bytes over which a reader is slow and is skipped. */
  readonly slowBytes: number
  /** How long a slow reader may stay slow. */
  readonly lagMs: number
  /** How often a client says what it has applied. */
  readonly ackEveryMs: number
  /** How long such a word may be overdue, and how old the oldest event may be that it has not applied. */
  readonly ackLagMs: number
  /** Stream events and bytes that are kept for those who come back. */
  readonly historyEventsMax: number
  readonly historyBytesMax: number
  /** Bytes of missed events over which a fresh snapshot is the cheaper answer. */
  readonly resumeBytesMax: number
  readonly messageBytesMax: number
  readonly chatCharsMax: number
  /** Any message, by socket. */
  readonly messages: Rate
  /** Any message, all sockets of one user together. */
  readonly messagesByUser: Rate
  /** Hearts, by socket; what is over it is not counted. */
  readonly likes: Rate
  /** Hearts, all of a room together. */
  readonly likesByRoom: Rate
  /** Chat, by user. */
  readonly chatByUser: Rate
  /** Chat, all users of a room together; bounds the size of a tick. */
  readonly chatByRoom: Rate
  /** The viewer count is told at most this often, because in a full room it changes with every tick. */
  readonly viewersEveryMs: number
  /** How long a room that is not on air stays in memory with nobody in it. */
  readonly idleRoomMs: number
}

/** How long those stay away who found a room full, and those who talked too much. */
export const RETRY_S = { full: 15, flood: 10 } as const

export const ROOM_LIMITS: RoomLimits = {
  tickMs: 200,
  viewersMax: 25_000,
  socketsMax: 50_000,
  roomsMax: 2_000,
  helloMs: 10_000,
  silenceMs: 60_000,
  pingEveryMs: 25_000,
  sliceSockets: 1_000,
  sweepMs: 5_000,
  slowBytes: 64 * 1024,
  lagMs: 10_000,
  ackEveryMs: 5_000,
  // A phone whose page is hidden wakes once a second, and its line may take as long again.
  ackLagMs: 8_000,
  historyEventsMax: 1_000,
  historyBytesMax: 256 * 1024,
  resumeBytesMax: 64 * 1024,
  messageBytesMax: ROOM_MESSAGE_BYTES_MAX,
  chatCharsMax: CHAT_CHARS_MAX,
  messages: { burst: 30, perS: 5 },
  // Two thousand viewers behind one carrier address say how far they are 400 times a second.
  messagesByAddress: { burst: 6_000, perS: 2_000 },
  messagesByUser: { burst: 120, perS: 20 },
  likes: { burst: 60, perS: 20 },
  likesByRoom: { burst: 50_000, perS: 20_000 },
  chatByUser: { burst: 5, perS: 0.5 },
  chatByRoom: { burst: 200, perS: 400 },
  // A handshake takes 0.2 to 0.35 ms, so this is what one core does beside its ticks.
  joins: { burst: 12_000, perS: 2_000 },
  // Whole districts share an address behind carrier NAT, so these stop one machine and not a village.
  joinsByAddress: { burst: 300, perS: 30 },
  socketsByAddressMax: 2_000,
  viewersEveryMs: 1_000,
  idleRoomMs: 300_000,
}
