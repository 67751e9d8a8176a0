import { CHAT_MODE_OPEN, type RoomServerMessage, type ShelfEntry } from '@chunbo/contract'
import { ROOM_LIMITS, type RoomLimits } from '../limits.ts'
import { LiveRoom } from '../live-room.ts'
import type { RoomClock, RoomExtras, RoomHooks, RoomOpening } from '../room-opening.ts'
import type { RoomSocket, Viewer } from '../session.ts'
import type { SharedFrame } from '../shared-frame.ts'

/** For tests: an opening, a clock that is moved by hand and a socket whose reader can stop reading. */

const NO_EXTRAS: RoomExtras = { chatPin: null, chatMode: CHAT_MODE_OPEN, answers: [], drops: [], likes: 0 }

export function openingOf(id: number, shelf: ShelfEntry[] = [], version = 1): RoomOpening {
  return {
    room: {
      id,
      status: 'live',
      titleZh: '景东豌豆专场',
      titleEn: 'Jingdong peas',
      hostName: '李明',
      hostOffice: '副县长',
      hostOfficeEn: 'Deputy county head',
      scheduledAt: '2026-03-14T08:00:00Z',
      startedAt: '2026-03-14T08:00:02Z',
      endedAt: null,
    },
    shelf,
    pin: null,
    chat: [],
    extras: NO_EXTRAS,
    version,
  }
}

export function shelfOf(...stocks: number[]): ShelfEntry[] {
  return stocks.map((stock, index) => ({ shopId: 1, skuId: index + 1, version: 1, priceFen: 2990, stock }))
}

export interface HandClock extends RoomClock {
  advance(ms: number): void
  /** Gives the next step its turn; false when none waits. */
  turn(): boolean
}

export function handClock(): HandClock {
  let steadyMs = 1_000
  const steps: (() => void)[] = []
  return {
    soon: (step) => void steps.push(step),
    turn() {
      const step = steps.shift()
      step?.()
      return step !== undefined
    },
    wallMs: () => Date.UTC(2026, 2, 14, 8) + steadyMs,
    steadyMs: () => steadyMs,
    advance(ms) {
      steadyMs += ms
    },
  }
}

const silentHooks: RoomHooks = { chatSaid: () => undefined, judgeChat: () => null }

export function roomOf(
  opening: RoomOpening,
  clock: RoomClock,
  limits: Partial<RoomLimits> = {},
  hooks: RoomHooks = silentHooks,
): LiveRoom {
  return new LiveRoom(opening, { ...ROOM_LIMITS, ...limits }, clock, hooks)
}

export const reader: Viewer = { user: null }
export function buyer(id: number): Viewer {
  return { user: { id, name: `买家${id}`, isHost: false } }
}

/** A socket in memory with a kernel that takes bytes only while the reader reads. */
export class HandSocket implements RoomSocket {
  /** Whether a system or a network with endless buffers hides from the server that nobody reads. */
  readonly hides: boolean
  readonly received: RoomServerMessage[] = []
  closedWith: number | null = null
  pings = 0
  #reading = true
  #queue: SharedFrame[] = []

  constructor(hides = false) {
    this.hides = hides
  }

  get pendingBytes(): number {
    return this.hides ? 0 : this.#queue.reduce((sum, frame) => sum + frame.wire.length, 0)
  }

  send(frame: SharedFrame): void {
    if (this.closedWith !== null) return
    this.#queue.push(frame)
    if (this.#reading) this.#drain()
  }

  nudge(): void {
    this.pings += 1
  }

  close(code: number): void {
    this.closedWith ??= code
  }

  terminate(): void {
    this.closedWith ??= 1006
  }

  stall(): void {
    this.#reading = false
  }

  resume(): void {
    this.#reading = true
    this.#drain()
  }

  #drain(): void {
    for (const frame of this.#queue.splice(0)) this.received.push(JSON.parse(frame.payload.toString('utf8')))
  }
}
