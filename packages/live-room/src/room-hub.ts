import type { Duplex } from 'node:stream'
import type { StockLevel } from '@chunbo/contract'
import { ROOM_CLOSE } from '@chunbo/contract'
import type { WebSocket } from 'ws'
import { type Admission, Admissions } from './admission.ts'
import { ROOM_LIMITS, type RoomLimits } from './limits.ts'
import { LiveRoom, type RoomClock, type RoomHooks, type RoomOpening } from './live-room.ts'
import type { Viewer } from './session.ts'
import { seatWebSocket } from './ws-room-socket.ts'

export interface RoomHubOptions extends RoomHooks {
  /** The state that a room starts from, or null when there is no such room. */
  load(roomId: number): Promise<RoomOpening | null>
  readonly limits?: Partial<RoomLimits>
  readonly clock?: RoomClock
}

const systemRoomClock: RoomClock = { wallMs: () => Date.now(), steadyMs: () => performance.now() }

/** The rooms in memory and the one timer that moves them all. */
export class RoomHub {
  readonly limits: RoomLimits
  readonly #options: RoomHubOptions
  readonly #clock: RoomClock
  readonly #rooms = new Map<number, LiveRoom>()
  readonly #opening = new Map<number, Promise<LiveRoom | null>>()
  readonly #admissions: Admissions
  /** Newest levels since the last tick, by SKU. */
  readonly #stock = new Map<string, StockLevel>()
  readonly #timers: NodeJS.Timeout[] = []
  #stopping = false

  constructor(options: RoomHubOptions) {
    this.#options = options
    this.limits = { ...ROOM_LIMITS, ...options.limits }
    this.#clock = options.clock ?? systemRoomClock
    this.#admissions = new Admissions(this.limits)
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
    for (const level of levels) this.#stock.set(`${level.shopId}:${level.skuId}`, level)
    if (levels.some((level) => level.stock === 0)) this.#passStockOn()
  }

  /** Asks for a place before a handshake. While stopping everyone is sent away for a moment. */
  admit(address: string): Admission {
    if (this.#stopping) return { admitted: false, status: 503, retryAfterS: 2 }
    return this.#admissions.ask(address, this.#clock.steadyMs())
  }

  /** Seats a WebSocket whose handshake is done; `release` gives its place back when it is gone. */
  seat(roomId: number, ws: WebSocket, raw: Duplex, viewer: Viewer, release: () => void): void {
    const room = this.#rooms.get(roomId)
    if (room === undefined || this.#stopping) {
      ws.on('error', () => undefined)
      ws.on('close', release)
      ws.close(ROOM_CLOSE.standardRestart, 'restart')
      return
    }
    seatWebSocket(room, ws, raw, viewer, release)
  }

  start(): void {
    this.#timers.push(setInterval(() => this.tick(), this.limits.tickMs))
    this.#timers.push(setInterval(() => this.sweep(), this.limits.sweepMs))
  }

  tick(): void {
    this.#passStockOn()
    for (const room of this.#rooms.values()) room.tick()
  }

  sweep(): void {
    this.#admissions.sweep(this.#clock.steadyMs())
    for (const [roomId, room] of this.#rooms) {
      room.sweep()
      if (room.isIdle()) this.#rooms.delete(roomId)
    }
  }

  /** Sends what has gathered, then everyone away with 1012: they come back by themselves, spread over a second or more. */
  stop(): void {
    this.#stopping = true
    for (const timer of this.#timers.splice(0)) clearInterval(timer)
    this.tick()
    for (const room of this.#rooms.values()) room.closeAll(ROOM_CLOSE.standardRestart, 'restart')
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
      this.#rooms.delete(roomId)
      return true
    }
    return false
  }

  async #load(roomId: number): Promise<LiveRoom | null> {
    if (this.#rooms.size >= this.limits.roomsMax && !this.#forgetEmptyRoom())
      throw new Error('too many rooms in memory')
    const opening = await this.#options.load(roomId)
    if (opening === null) return null
    const room = new LiveRoom(opening, this.limits, this.#clock, this.#options)
    this.#rooms.set(roomId, room)
    return room
  }
}
