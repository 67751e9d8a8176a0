import type { RoomStreamEvent, StockLevel } from '@chunbo/contract'

/**
 * What puts the events of a room in one order for several nodes. A node appends an event; every node, the appending one included, is then told
 * of it with its offset, in the order of the offsets, and shows it only then. So all nodes have the same numbering, and a viewer of one can
 * go on at another with the epoch and offset it has.
 */
export interface RoomBus {
  readonly isUp: boolean
  /** Begins to tell. To be called once. */
  start(listener: BusListener): void
  /** Where the stream of a room stands now, begun if it was none. @throws when the bus is away */
  attach(roomId: number): Promise<SharedStream>
  /** Tells what comes after `offset`, from now on. */
  follow(roomId: number, offset: number): void
  leave(roomId: number): void
  /** Adds an event to an epoch. @throws when the bus is away, in which case it may have been added all the same */
  append(roomId: number, epoch: string, entry: SharedEntry): Promise<Appended>
  /** Tells all other nodes, if it can: of these only the newest counts. Never throws. */
  tell(word: RoomWord): void
  close(): Promise<void>
}

export interface BusListener {
  entry(roomId: number, epoch: string, offset: number, entry: SharedEntry): void
  word(node: string, word: RoomWord): void
  /** The bus went away; it is told once. What was followed is forgotten. */
  away(): void
  back(): void
}

/** Parts of the state that are settled in SQL and may be told out of order. */
export type Aspect = 'pin' | 'status' | 'room' | 'shelf'
export function aspectOf(event: RoomStreamEvent): Aspect | null {
  switch (event.t) {
    case 'pin':
    case 'unpin':
      return 'pin'
    case 'status':
    case 'room':
    case 'shelf':
      return event.t
    default:
      return null
  }
}

export type StateEvent = Extract<RoomStreamEvent, { t: 'unpin' | Aspect }>

/** An event on its way into the order. */
export interface SharedEntry {
  readonly event: RoomStreamEvent
  readonly when: 'tick' | 'now'
  /** Version of the room's row, for state that is settled in SQL: what is older than what was added is not added any more. */
  readonly version?: number
  /** What is said once, whichever nodes it comes to; `value` is what the later ones are told. */
  readonly once?: { readonly key: string; readonly value: string; readonly forS: number }
}

export type Appended =
  | { readonly done: 'added' }
  /** Something with the same key was added before, with this value. */
  | { readonly done: 'known'; readonly value: string }
  | { readonly done: 'stale' }
  /** The epoch is over: the bus lost it. Attach again. */
  | { readonly done: 'gone' }

export interface SharedStream {
  readonly epoch: string
  readonly offset: number
  /** The last events without a hole; the last of them has `offset`. */
  readonly kept: readonly RoomStreamEvent[]
}

/** What only counts newest. Hearts are those since the last word; `likes` is how many the node knows of in all. */
export type RoomWord =
  | { readonly t: 'stock'; readonly levels: readonly StockLevel[] }
  | {
      readonly t: 'crowd'
      readonly roomId: number
      readonly viewers: number
      readonly hearts: number
      readonly likes: number
    }
  | { readonly t: 'counts'; readonly roomId: number; readonly dropId: number; readonly counts: readonly number[] }
  | { readonly t: 'desk'; readonly roomId: number; readonly section: string; readonly data: unknown }
