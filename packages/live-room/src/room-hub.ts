import type { Duplex } from 'node:stream'
import type { StockLevel } from '@chunbo/contract'
import { ROOM_CLOSE } from '@chunbo/contract'
import type { Upgraded } from '@chunbo/web-socket'
import { type Admission, Admissions, HeldBuckets, type Place } from '@chunbo/web-socket'
import { ROOM_LIMITS, type RoomLimits } from './limits.ts'
import { LiveRoom } from './live-room.ts'
import type { RoomBus } from './room-bus.ts'
import type { RoomClock, RoomHooks, RoomOpening } from './room-opening.ts'
import type { RoomSocket, Viewer } from './session.ts'
import { SharedRooms } from './shared-rooms.ts'
import { StreamSeats } from './stream-seats.ts'
import { Turns } from './turns.ts'
import { seatWebSocket } from './ws-room-socket.ts'

export interface RoomHubOptions extends RoomHooks {
  /** The state that a room starts from, or null when there is no such room. */
  load(roomId: number): Promise<RoomOpening | null>
  /** What several nodes have their order from; without it this node is the only one. */
  readonly bus?: RoomBus
  /** Something went wrong that will be tried again. */
  readonly warn?: (error: unknown) => void
  readonly limits?: Partial<RoomLimits>
  readonly clock?: Omit<RoomClock, 'soon'> & Partial<RoomClock>
}

function clockOf(own: RoomHubOptions['clock']): RoomClock {
  const turns = new Turns()
  const system = { wallMs: () => Date.now(), steadyMs: () => performance.now() }
  return { ...system, soon: (step) => turns.take(step), ...own }
}

/** The rooms in memory and the one timer that moves them all. */
export class RoomHub {
  readonly limits: RoomLimits
  readonly #options: RoomHubOptions
  readonly #clock: RoomClock
  readonly #rooms = new Map<number, LiveRoom>()
  readonly #opening = new Map<number, Promise<LiveRoom | null>>()
  readonly #admissions: Admissions
  readonly #users: HeldBuckets<number>
  readonly #streams = new StreamSeats()
  readonly #shared: SharedRooms | null
  /** Newest levels since the last tick, by SKU. */
  readonly #stock = new Map<string, StockLevel>()
  readonly #timers: NodeJS.Timeout[] = []
  #stopping = false
  #isTicking = false

  constructor(options: RoomHubOptions) {
    this.#options = options
    this.limits = { ...ROOM_LIMITS, ...options.limits }
    this.#clock = clockOf(options.clock)
    this.#admissions = new Admissions(this.limits, this.#clock.steadyMs())
    this.#users = new HeldBuckets(this.limits.messagesByUser)
    this.#shared = options.bus === undefined ? null : this.#share(options.bus, options)
  }

  get figures(): { rooms: number; sockets: number; lagging: number } {
    let lagging = 0
    for (const room of this.#rooms.values()) lagging += room.figures.lagging
    return { rooms: this.#rooms.size, sockets: this.#admissions.sockets, lagging }
  }

  /** The room if it is in memory. */
  find(roomId: number): LiveRoom | undefined {
    return this.#rooms.get(roomId)
  }

  get rooms(): IterableIterator<LiveRoom> {
    return this.#rooms.values()
  }

  /**
   * The room, loaded if need be by one load for all who ask at once; null when there is no such room.
   * @throws when it cannot be loaded, or when there are too many rooms with viewers in memory
   */
  async open(roomId: number): Promise<LiveRoom | null> {
    const known = this.#rooms.get(roomId)
    if (known !== undefined) return known
    let opening = this.#opening.get(roomId)
    if (opening === undefined) {
      opening = this.#load(roomId).finally(() => this.#opening.delete(roomId))
      this.#opening.set(roomId, opening)
    }
    return opening
  }

  /**
   * Tells a room of a change if it is in memory, or as soon as it is when it is being loaded, because the load may have read the state
   * before the change. A room that is not in memory will read it when it is loaded.
   */
  tell(roomId: number, change: (room: LiveRoom) => void): void {
    const room = this.#rooms.get(roomId)
    if (room !== undefined) {
      change(room)
      return
    }
    this.#opening.get(roomId)?.then(
      (opened) => opened !== null && change(opened),
      () => undefined,
    )
  }

  /**
   * Stock levels after a committed batch. They gather until the tick, because a hot SKU has hundreds of batches a second; the last pack
   * going is passed on at once.
   */
  setStock(levels: readonly StockLevel[]): void {
    this.#shared?.tell({ t: 'stock', levels })
    this.#hearStock(levels)
  }

  #hearStock(levels: readonly StockLevel[]): void {
    for (const level of levels) this.#stock.set(`${level.shopId}:${level.skuId}`, level)
    if (levels.some((level) => level.stock === 0)) this.#passStockOn()
  }

  /** Asks for a place before a handshake. While stopping everyone is sent away for a moment. */
  admit(address: string): Admission {
    if (this.#stopping) return { admitted: false, status: 503, retryAfterS: 2 }
    return this.#admissions.ask(address, this.#clock.steadyMs())
  }

  /** Seats a WebSocket whose handshake is done; its place is given back when it is gone. */
  seat(roomId: number, socket: Upgraded, viewer: Viewer, place: Place): void {
    const room = this.#roomFor(roomId, socket.raw, place)
    if (room === null) return
    const { enter, gone } = this.#entrance(room, viewer, place)
    seatWebSocket(room, socket, this.limits.messageBytesMax, enter, gone)
  }

  /** Seats an event stream, whose head must have been written to `raw`; see stream-seats.ts. */
  seatStream(
    roomId: number,
    raw: Duplex,
    viewer: Viewer,
    place: Place,
    hello: { epoch: string; offset: number } | null,
  ) {
    const room = this.#roomFor(roomId, raw, place)
    if (room === null) return
    const { enter, gone } = this.#entrance(room, viewer, place)
    const greet = (socket: RoomSocket) => {
      enter(socket)
      room.receive(socket, JSON.stringify({ t: 'hello', ...hello }))
    }
    this.#streams.seat(room, raw, greet, gone)
  }

  /** What the reader of a stream says; false when there is no such seat in the room. */
  receive(roomId: number, seat: string, message: string): boolean {
    return this.#streams.receive(roomId, seat, message)
  }

  /** The rooms in memory that a user sits in. Walks them all: for the rare times that a person is judged anew. */
  roomsOf(userId: number): LiveRoom[] {
    return [...this.#rooms.values()].filter((room) => room.hasUser(userId))
  }

  start(): void {
    this.#timers.push(setInterval(() => this.tick(), this.limits.tickMs))
    this.#timers.push(setInterval(() => this.sweep(), this.limits.sweepMs))
    const { viewersEveryMs } = this.limits
    if (this.#shared !== null) this.#timers.push(setInterval(() => this.tellCrowds(), viewersEveryMs))
  }

  /** Moves the rooms on. Where many are full they take turns with whatever else the process does, and then the next tick waits for the last of them. */
  tick(): void {
    this.#passStockOn()
    if (this.#isTicking) return
    this.#isTicking = true
    this.#tickOn(this.#rooms.values())
  }

  #tickOn(rooms: Iterator<LiveRoom, undefined>): void {
    for (let written = 0; written < this.limits.sliceSockets; ) {
      const { value: room } = rooms.next()
      if (room === undefined) {
        this.#isTicking = false
        return
      }
      room.tick()
      written += room.figures.sockets
    }
    this.#clock.soon(() => this.#tickOn(rooms))
  }

  /** Tells the other nodes who is here, and takes what they told. */
  tellCrowds(): void {
    this.#shared?.tellCrowds()
  }

  sweep(): void {
    this.#admissions.sweep(this.#clock.steadyMs())
    this.#users.sweep(this.#clock.steadyMs())
    for (const [roomId, room] of this.#rooms) {
      room.sweep()
      if (room.isIdle()) this.#forget(roomId)
    }
  }

  /** Sends what has gathered, then everyone away with 1012: they come back by themselves, spread over a second or more. */
  stop(): void {
    this.#stopping = true
    for (const timer of this.#timers.splice(0)) clearInterval(timer)
    this.#passStockOn()
    for (const room of this.#rooms.values()) {
      room.tick()
      room.closeAll(ROOM_CLOSE.standardRestart, 'restart')
    }
  }

  /** The room to sit down in; null, and the connection is gone, when there is none any more: then it comes back and finds one. */
  #roomFor(roomId: number, raw: Duplex, place: Place): LiveRoom | null {
    const room = this.#rooms.get(roomId)
    if (room !== undefined && !this.#stopping) return room
    raw.destroy()
    place.release()
    return null
  }

  /** How a socket enters, with the limits that it shares, and what is given back when it is gone. */
  #entrance(room: LiveRoom, viewer: Viewer, place: Place) {
    const userId = viewer.user?.id
    // Made at once in its size: an array that grows by one takes room for seventeen.
    const shared =
      userId === undefined ? [place.messages] : [place.messages, this.#users.hold(userId, this.#clock.steadyMs())]
    let isHere = true
    return {
      enter: (socket: RoomSocket) => room.join(socket, viewer, shared),
      gone: () => {
        place.release()
        if (userId !== undefined && isHere) this.#users.release(userId)
        isHere = false
      },
    }
  }

  #passStockOn(): void {
    if (this.#stock.size === 0) return
    const levels = [...this.#stock.values()]
    this.#stock.clear()
    for (const room of this.#rooms.values()) room.setStock(levels)
  }

  /** Makes room for another one: whoever opens many rooms and leaves must not keep others out of theirs. */
  #forgetEmptyRoom(): boolean {
    for (const [roomId, room] of this.#rooms) {
      if (room.figures.sockets > 0) continue
      this.#forget(roomId)
      return true
    }
    return false
  }

  #forget(roomId: number): void {
    this.#rooms.delete(roomId)
    this.#shared?.leave(roomId)
  }

  #share(bus: RoomBus, { load, warn }: RoomHubOptions): SharedRooms {
    return new SharedRooms({
      bus,
      load,
      find: (roomId) => this.#rooms.get(roomId),
      rooms: () => this.#rooms.values(),
      setStock: (levels) => this.#hearStock(levels),
      steadyMs: () => this.#clock.steadyMs(),
      warn: warn ?? (() => undefined),
    })
  }

  async #load(roomId: number): Promise<LiveRoom | null> {
    if (this.#rooms.size >= this.limits.roomsMax && !this.#forgetEmptyRoom())
      throw new Error('too many rooms in memory')
    if (this.#shared !== null) return this.#loadShared(this.#shared, roomId)
    const opening = await this.#options.load(roomId)
    if (opening === null) return null
    const room = new LiveRoom(opening, this.limits, this.#clock, this.#options)
    this.#rooms.set(roomId, room)
    return room
  }

  async #loadShared(nodes: SharedRooms, roomId: number): Promise<LiveRoom | null> {
    const found = await nodes.open(roomId)
    if (found === null) return null
    const room = new LiveRoom(found.opening, this.limits, this.#clock, this.#options, nodes, found.shared)
    this.#rooms.set(roomId, room)
    nodes.follow(room, found.shared)
    return room
  }
}
