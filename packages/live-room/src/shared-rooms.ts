import type { RoomStreamEvent, StockLevel } from '@chunbo/contract'
import type { LiveRoom } from './live-room.ts'
import type { BusListener, RoomBus, RoomWord, SharedEntry, SharedStream } from './room-bus.ts'
import type { RoomOpening } from './room-opening.ts'

/** How long the viewers of another node count after its last word of them. */
const HEARD_MS = 5_000

export interface SharedRoomsOptions {
  readonly bus: RoomBus
  load(roomId: number): Promise<RoomOpening | null>
  find(roomId: number): LiveRoom | undefined
  rooms(): Iterable<LiveRoom>
  /** Levels that another node told. */
  setStock(levels: readonly StockLevel[]): void
  steadyMs(): number
  /** Something went wrong that the next look heals. */
  warn(error: unknown): void
}

/** Where a room asks for a place in the order of several nodes. */
export type Outlet = Pick<SharedRooms, 'append' | 'tell'>

/**
 * The rooms of this node as part of several. While the bus is there, events go to it and come back in its order. When it goes away each room goes
 * on by itself in an epoch of its own, so that pins, stock and orders are not stopped; chat is refused as delayed, because no one could say
 * in which order it stands. When it is back every room begins anew from SQL and the stream, tells the others what it changed meanwhile, and its
 * viewers get one snapshot.
 */
export class SharedRooms implements BusListener {
  readonly #options: SharedRoomsOptions
  readonly #bus: RoomBus
  readonly #elsewhere = new Map<number, Map<string, { viewers: number; atMs: number }>>()
  readonly #joining = new Set<number>()

  constructor(options: SharedRoomsOptions) {
    this.#options = options
    this.#bus = options.bus
    options.bus.start(this)
  }

  /** What a room starts from; `shared` is null when there is no bus just now. */
  async open(roomId: number): Promise<{ opening: RoomOpening; shared: SharedStream | null } | null> {
    const { load } = this.#options
    // Chat that is stored has been added to the stream before, so of what is read before the stream's place is asked nothing comes twice.
    // Everything else is stored first and told later, so it is read after, and what is told again is only told again.
    const before = await load(roomId)
    if (before === null || !this.#bus.isUp) return before && { opening: before, shared: null }
    const shared = await this.#bus.attach(roomId).catch(() => null)
    const after = shared && (await load(roomId))
    return after === null ? { opening: before, shared: null } : { opening: { ...after, chat: before.chat }, shared }
  }

  /** To be called when a room that was opened can be found. */
  follow(room: LiveRoom, shared: SharedStream | null): void {
    if (shared === null) room.cut()
    else this.#bus.follow(room.id, shared.offset)
  }

  leave(roomId: number): void {
    this.#bus.leave(roomId)
    this.#elsewhere.delete(roomId)
  }

  /**
   * Adds an event to the room's order. The value of what was added before under the same key, or null when it is new; false when the bus is away:
   * then the room is on its own, and has taken the event unless it is chat.
   */
  async append(room: LiveRoom, entry: SharedEntry): Promise<string | null | false> {
    try {
      let appended = await this.#bus.append(room.id, room.view.epoch, entry)
      if (appended.done === 'gone') {
        await this.#join(room)
        appended = await this.#bus.append(room.id, room.view.epoch, entry)
      }
      if (appended.done !== 'gone') return appended.done === 'known' ? appended.value : null
    } catch {
      // The bus says by itself that it is away; this event may know it first.
    }
    room.cut()
    if (entry.event.t !== 'chat') room.take(entry)
    return false
  }

  tell(word: RoomWord): void {
    this.#bus.tell(word)
  }

  /** Tells the other nodes who is here. To be called about once a second. */
  tellCrowds(): void {
    for (const room of this.#options.rooms()) {
      const { viewers, hearts, likes } = room.takeCrowd()
      this.#bus.tell({ t: 'crowd', roomId: room.id, viewers, hearts, likes })
      room.elsewhere = this.#viewersElsewhere(room.id)
      // A room that could not come back when the bus did, because the database was away.
      if (room.isCut && this.#bus.isUp) this.#heal(room)
    }
  }

  // ---- what the bus tells

  entry(roomId: number, epoch: string, offset: number, entry: SharedEntry): void {
    const room = this.#options.find(roomId)
    if (room === undefined || room.isCut) return
    if (!room.takeShared(epoch, offset, entry)) this.#heal(room)
  }

  word(node: string, word: RoomWord): void {
    if (word.t === 'stock') {
      this.#options.setStock(word.levels)
      return
    }
    const room = this.#options.find(word.roomId)
    if (room === undefined) return
    if (word.t === 'counts') room.hearCounts(word.dropId, word.counts)
    else if (word.t === 'desk') room.hearDesk(word.section, word.data)
    else {
      room.hearHearts(word.hearts, word.likes)
      const nodes = this.#elsewhere.get(word.roomId) ?? new Map()
      this.#elsewhere.set(word.roomId, nodes)
      nodes.set(node, { viewers: word.viewers, atMs: this.#options.steadyMs() })
    }
  }

  away(): void {
    for (const room of this.#options.rooms()) room.cut()
  }

  back(): void {
    for (const room of this.#options.rooms()) this.#heal(room)
  }

  #viewersElsewhere(roomId: number): number {
    let sum = 0
    const nodes = this.#elsewhere.get(roomId)
    for (const [node, { viewers, atMs }] of nodes ?? []) {
      if (this.#options.steadyMs() - atMs > HEARD_MS) nodes?.delete(node)
      else sum += viewers
    }
    return sum
  }

  #heal(room: LiveRoom): void {
    this.#join(room).catch((error: unknown) => this.#options.warn(error))
  }

  /** Brings a room back into the common order. */
  async #join(room: LiveRoom): Promise<void> {
    if (this.#joining.has(room.id)) return
    this.#joining.add(room.id)
    try {
      const wasCut = room.isCut
      const found = await this.open(room.id)
      if (found === null || found.shared === null) return
      room.adopt(found.opening, found.shared)
      this.#bus.follow(room.id, found.shared.offset)
      if (wasCut) for (const entry of stateEntries(found.opening)) void this.append(room, entry)
    } finally {
      this.#joining.delete(room.id)
    }
  }
}

/** What is settled in SQL, as events: for nodes that did not hear of it. */
function stateEntries({ room, shelf, pin, extras, version }: RoomOpening): SharedEntry[] {
  const { status, startedAt, endedAt } = room
  const state: RoomStreamEvent[] = [
    { t: 'room', room },
    { t: 'status', status, startedAt, endedAt },
    { t: 'shelf', items: shelf, cards: [] },
    pin === null ? { t: 'unpin' } : { t: 'pin', pin },
  ]
  const parts: RoomStreamEvent[] = [
    { t: 'chat_mode', mode: extras.chatMode },
    { t: 'chat_pin', line: extras.chatPin },
    ...extras.drops.map((drop) => ({ t: 'drop' as const, drop })),
  ]
  return [
    ...state.map((event) => ({ event, version, when: 'tick' as const })),
    ...parts.map((event) => ({ event, when: 'tick' as const })),
  ]
}
