import type { Duplex } from 'node:stream'
import { Admissions, type UpgradeRequest, upgrade } from '@chunbo/web-socket'
import { defaultViewerLimits, type ViewerLimits } from '../limits.ts'
import type { LiveHub } from '../live-hub.ts'
import { ViewerRoom, type ViewerRoomCounts } from './viewer-room.ts'
import { ViewerSeat, viewerClose } from './viewer-seat.ts'

export interface ViewerSocketsOptions {
  hub: Pick<LiveHub, 'events' | 'stream'>
  limits?: Partial<ViewerLimits>
}

/** Who watches over sockets, in numbers. */
export interface ViewerCounts {
  readonly viewers: number
  /** Since the start: readers that were skipped ahead, and readers that were closed because they did not read. */
  readonly skipped: number
  readonly stalled: number
}

export interface ViewerSockets {
  /** Takes over a connection whose upgrade the caller has allowed; `address` counts towards the limits. */
  accept(request: UpgradeRequest, socket: Duplex, head: Buffer, viewer: { roomId: number; address: string }): void
  counts(): ViewerCounts
  /** Sends all viewers away: they come back to the next process. */
  close(): void
}

/** The sockets of those who watch with the least delay: `GET /media/{roomId}/live.ws`. */
export function createViewerSockets(options: ViewerSocketsOptions): ViewerSockets {
  return new Door(options)
}

class Door implements ViewerSockets {
  readonly #hub: ViewerSocketsOptions['hub']
  readonly #limits: ViewerLimits
  readonly #admissions: Admissions
  readonly #rooms = new Map<number, ViewerRoom>()
  readonly #counts: ViewerRoomCounts = { skipped: 0, stalled: 0 }
  readonly #sweeper: NodeJS.Timeout

  constructor({ hub, limits }: ViewerSocketsOptions) {
    this.#hub = hub
    this.#limits = { ...defaultViewerLimits, ...limits }
    this.#admissions = new Admissions(this.#limits, performance.now())
    hub.events.on('publish.started', ({ roomId }) => this.#follow(roomId))
    hub.events.on('publish.ended', ({ roomId }) => this.#rooms.get(roomId)?.wait())
    hub.events.on('stream.ended', ({ roomId }) => this.#rooms.get(roomId)?.end())
    this.#sweeper = setInterval(() => this.#sweep(), this.#limits.sweepMs)
    this.#sweeper.unref()
  }

  accept(
    request: UpgradeRequest,
    socket: Duplex,
    head: Buffer,
    { roomId, address }: { roomId: number; address: string },
  ): void {
    const admission = this.#admissions.ask(address, performance.now())
    if (!admission.admitted) {
      refuse(socket, admission.status, admission.retryAfterS)
      return
    }
    const { place } = admission
    socket.once('close', () => place.release())
    const room = this.#rooms.get(roomId) ?? new ViewerRoom(this.#limits, this.#counts)
    if (room.size >= this.#limits.perStream) {
      refuse(socket, 503, 10)
      return
    }
    const upgraded = upgrade(request, socket, head, false)
    if (upgraded === null) return
    this.#rooms.set(roomId, room)
    this.#follow(roomId)
    const seat: ViewerSeat = new ViewerSeat(upgraded, this.#limits, place, performance.now(), () => {
      room.leave(seat)
      if (room.size === 0) this.#forget(roomId, room)
    })
    room.join(seat)
    if (room.size === 0) this.#forget(roomId, room)
  }

  counts(): ViewerCounts {
    let viewers = 0
    for (const room of this.#rooms.values()) viewers += room.size
    return { viewers, ...this.#counts }
  }

  close(): void {
    clearInterval(this.#sweeper)
    for (const room of [...this.#rooms.values()]) room.closeAll(viewerClose.restart)
  }

  #follow(roomId: number): void {
    const stream = this.#hub.stream(roomId)
    if (stream) this.#rooms.get(roomId)?.follow(stream)
  }

  #forget(roomId: number, room: ViewerRoom): void {
    room.unfollow()
    if (this.#rooms.get(roomId) === room) this.#rooms.delete(roomId)
  }

  #sweep(): void {
    const nowMs = performance.now()
    this.#admissions.sweep(nowMs)
    for (const room of [...this.#rooms.values()]) room.sweep(nowMs)
  }
}

/** Answers an upgrade with a status. A peer that never closes its side would keep an upgraded connection for ever. */
function refuse(socket: Duplex, status: 429 | 503, retryAfterS: number): void {
  const reason = status === 429 ? 'Too Many Requests' : 'Service Unavailable'
  socket.once('finish', () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nRetry-After: ${retryAfterS}\r\nContent-Length: 0\r\n\r\n`,
  )
}
