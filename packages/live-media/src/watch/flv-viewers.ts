import type { ServerResponse } from 'node:http'
import { Admissions } from '@chunbo/web-socket'
import { defaultViewerLimits, type ViewerLimits } from '../limits.ts'
import type { LiveHub } from '../live-hub.ts'
import { FlvRoom } from './flv-room.ts'

export interface FlvViewersOptions {
  hub: Pick<LiveHub, 'events' | 'stream'>
  limits?: Partial<ViewerLimits>
}

/** Those who read a stream as one endless answer: `GET /media/{roomId}/live.flv`, for players and servers that know FLV. */
export class FlvViewers {
  readonly #hub: FlvViewersOptions['hub']
  readonly #limits: ViewerLimits
  readonly #admissions: Admissions
  readonly #rooms = new Map<number, FlvRoom>()
  readonly #sweeper: NodeJS.Timeout

  constructor({ hub, limits }: FlvViewersOptions) {
    this.#hub = hub
    this.#limits = { ...defaultViewerLimits, ...limits }
    this.#admissions = new Admissions(this.#limits, performance.now())
    hub.events.on('stream.ended', ({ roomId }) => {
      this.#rooms.get(roomId)?.end()
      this.#rooms.delete(roomId)
    })
    this.#sweeper = setInterval(() => this.#sweep(), this.#limits.sweepMs)
    this.#sweeper.unref()
  }

  /** Answers a request that may be answered, with 404 where nobody has published yet. `address` counts towards the limits. */
  serve(roomId: number, address: string, response: ServerResponse): void {
    const stream = this.#hub.stream(roomId)
    if (!stream || stream.ended) {
      response.writeHead(404, { 'cache-control': 'no-store' }).end()
      return
    }
    const admission = this.#admissions.ask(address, performance.now())
    if (!admission.admitted || (this.#rooms.get(roomId)?.size ?? 0) >= this.#limits.perStream) {
      if (admission.admitted) admission.place.release()
      const [status, retryS] = admission.admitted ? [503, 10] : [admission.status, admission.retryAfterS]
      response.writeHead(status, { 'cache-control': 'no-store', 'retry-after': String(retryS) }).end()
      return
    }
    const room = this.#rooms.get(roomId) ?? new FlvRoom(stream, this.#limits)
    this.#rooms.set(roomId, room)
    room.join(response)
    response.once('close', () => {
      admission.place.release()
      if (room.size > 0) return
      room.leave()
      if (this.#rooms.get(roomId) === room) this.#rooms.delete(roomId)
    })
  }

  close(): void {
    clearInterval(this.#sweeper)
    for (const room of this.#rooms.values()) room.end()
  }

  #sweep(): void {
    const nowMs = performance.now()
    this.#admissions.sweep(nowMs)
    for (const room of this.#rooms.values()) room.sweep(nowMs)
  }
}
