import { randomBytes } from 'node:crypto'
import type { SharedStream } from './room-bus.ts'

export function makeEpoch(): string {
  return `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`
}

/**
 * The order of a room's stream. Each event has the offset after it; offsets count from the start of the epoch, and an epoch is one life of
 * the room in memory. Whoever has (epoch, offset) can be given exactly what came after, as long as it is still kept: equal epochs mean the
 * same numbering, and the kept events are the last ones without a hole.
 */
export class StreamLog {
  readonly epoch: string
  readonly #eventsMax: number
  readonly #bytesMax: number
  #offset = 0
  #bytes = 0
  /** JSON of the kept events; the last one has offset #offset. */
  #kept: string[] = []

  /** `shared` is where a stream of several nodes stands; without it a new one begins. */
  constructor(eventsMax: number, bytesMax: number, shared: SharedStream | null = null) {
    this.epoch = shared?.epoch ?? makeEpoch()
    this.#eventsMax = eventsMax
    this.#bytesMax = bytesMax
    if (shared === null) return
    this.#offset = shared.offset - shared.kept.length
    this.append(shared.kept.map((event) => JSON.stringify(event)))
  }

  get offset(): number {
    return this.#offset
  }

  /** Appends encoded events in order and forgets the oldest beyond the bounds. */
  append(events: readonly string[]): void {
    for (const event of events) {
      this.#kept.push(event)
      // UTF-16 length stands for bytes: within a factor of three, and free.
      this.#bytes += event.length
    }
    this.#offset += events.length
    let drop = 0
    while (this.#kept.length - drop > this.#eventsMax || this.#bytes > this.#bytesMax) {
      this.#bytes -= this.#kept[drop]?.length ?? 0
      drop += 1
    }
    if (drop > 0) this.#kept = this.#kept.slice(drop)
  }

  /** The encoded events after `offset`, or null when that cannot be said: another epoch, too long ago, or never reached. */
  since(epoch: string, offset: number): readonly string[] | null {
    if (epoch !== this.epoch || offset > this.#offset) return null
    const missed = this.#offset - offset
    if (missed > this.#kept.length) return null
    return this.#kept.slice(this.#kept.length - missed)
  }

  /** Forgets all up to the last event of which this holds; whoever comes back from before it gets a snapshot. */
  forget(holds: (event: string) => boolean): void {
    for (const event of this.#kept.splice(0, this.#kept.findLastIndex(holds) + 1)) this.#bytes -= event.length
  }
}
