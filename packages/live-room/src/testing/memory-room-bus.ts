import type { Appended, BusListener, RoomBus, RoomWord, SharedEntry, SharedStream } from '../room-bus.ts'
import { aspectOf } from '../room-bus.ts'

/** For tests: the order of several nodes in memory. What was appended reaches each node when the test lets it, in order. */
interface Kept {
  readonly epoch: string
  readonly entries: SharedEntry[]
  readonly versions: Map<string, number>
  readonly once: Map<string, string>
}
interface Follower {
  readonly roomId: number
  next: number
}

export class MemoryOrder {
  readonly nodes: MemoryRoomBus[] = []
  isAway = false
  #streams = new Map<number, Kept>()
  #epochs = 0

  stream(roomId: number): Kept {
    let kept = this.#streams.get(roomId)
    if (kept === undefined) {
      this.#epochs += 1
      kept = { epoch: `e${this.#epochs}`, entries: [], versions: new Map(), once: new Map() }
      this.#streams.set(roomId, kept)
    }
    return kept
  }

  /** Loses everything, as a Redis without a disk that was restarted. */
  lose(): void {
    this.#streams = new Map()
  }

  setAway(isAway: boolean): void {
    if (this.isAway === isAway) return
    this.isAway = isAway
    for (const node of this.nodes) node.turn(isAway)
  }
}

export class MemoryRoomBus implements RoomBus {
  readonly #order: MemoryOrder
  readonly #name: string
  readonly #following = new Map<number, Follower>()
  readonly #words: [string, RoomWord][] = []
  #listener: BusListener | null = null

  constructor(order: MemoryOrder) {
    this.#order = order
    this.#name = `n${order.nodes.length}`
    order.nodes.push(this)
  }

  get isUp(): boolean {
    return !this.#order.isAway
  }

  start(listener: BusListener): void {
    this.#listener = listener
  }

  async attach(roomId: number): Promise<SharedStream> {
    this.#check()
    const { epoch, entries } = this.#order.stream(roomId)
    return { epoch, offset: entries.length, kept: entries.map(({ event }) => event) }
  }

  follow(roomId: number, offset: number): void {
    this.#following.set(roomId, { roomId, next: offset })
  }

  leave(roomId: number): void {
    this.#following.delete(roomId)
  }

  async append(roomId: number, epoch: string, entry: SharedEntry): Promise<Appended> {
    this.#check()
    const kept = this.#order.stream(roomId)
    if (kept.epoch !== epoch) return { done: 'gone' }
    const value = entry.once && kept.once.get(entry.once.key)
    if (value !== undefined) return { done: 'known', value }
    const aspect = aspectOf(entry.event)
    if (aspect !== null && entry.version !== undefined) {
      if (entry.version < (kept.versions.get(aspect) ?? 0)) return { done: 'stale' }
      kept.versions.set(aspect, entry.version)
    }
    if (entry.once) kept.once.set(entry.once.key, entry.once.value)
    kept.entries.push(entry)
    return { done: 'added' }
  }

  tell(word: RoomWord): void {
    if (this.isUp) for (const node of this.#order.nodes) if (node !== this) node.#words.push([this.#name, word])
  }

  async close(): Promise<void> {
    this.#listener = null
  }

  turn(isAway: boolean): void {
    this.#following.clear()
    if (isAway) this.#listener?.away()
    else this.#listener?.back()
  }

  /** Lets this node hear up to `count` entries of each room, and all words. */
  hear(count = Number.POSITIVE_INFINITY): void {
    for (const [node, word] of this.#words.splice(0)) this.#listener?.word(node, word)
    for (const follower of [...this.#following.values()]) {
      const { epoch, entries } = this.#order.stream(follower.roomId)
      for (let heard = 0; heard < count && follower.next < entries.length; heard += 1) {
        const entry = entries[follower.next]
        follower.next += 1
        if (entry !== undefined) this.#listener?.entry(follower.roomId, epoch, follower.next, entry)
      }
    }
  }

  #check(): void {
    if (this.#order.isAway) throw new Error('the bus is away')
  }
}
