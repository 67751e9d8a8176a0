import type { RoomServerMessage, RoomStreamEvent } from '@chunbo/contract'
import { isStreamEvent } from '@chunbo/contract'

/**
 * What was told under which offset, over all viewers: whoever is told something else under the same number breaks the order that
 * everybody must see. Epochs are kept apart, because a server that was started again numbers anew.
 */
export class StreamRecord {
  /** Events as text, by epoch and offset. */
  readonly #told = new Map<string, Map<number, string>>()
  readonly #pins = new Map<string, Map<number, number | null>>()
  /** Frames are parsed once for all who got the same text, so a message that was noted needs no second look in its epoch. */
  readonly #noted = new WeakMap<object, string>()
  readonly faults: string[] = []
  /** Ids of chat lines by how often they were told, once for each offset. */
  readonly lines = new Map<string, number>()

  note(epoch: string, message: Extract<RoomServerMessage, { t: 'tick' | 'resumed' }>): void {
    if (this.#noted.get(message) === epoch) return
    this.#noted.set(message, epoch)
    const told = this.#told.get(epoch) ?? new Map<number, string>()
    this.#told.set(epoch, told)
    let offset = message.from
    for (const event of message.events) {
      if (!isStreamEvent(event)) continue
      offset += 1
      this.#noteOne(epoch, told, offset, event)
    }
    if (offset !== message.offset) this.#fault(`a frame from ${message.from} to ${message.offset} ended at ${offset}`)
  }

  /** Goods that were pinned, in the order of the stream; null is an unpin. */
  get pins(): (number | null)[] {
    return [...this.#pins.values()].flatMap((pins) => [...pins].sort(([a], [b]) => a - b).map(([, skuId]) => skuId))
  }

  #noteOne(epoch: string, told: Map<number, string>, offset: number, event: RoomStreamEvent): void {
    const text = JSON.stringify(event)
    const before = told.get(offset)
    if (before === text) return
    if (before !== undefined) {
      this.#fault(`offset ${offset} was told as ${before} and as ${text}`)
      return
    }
    told.set(offset, text)
    if (event.t === 'chat') this.lines.set(event.line.id, (this.lines.get(event.line.id) ?? 0) + 1)
    if (event.t !== 'pin' && event.t !== 'unpin') return
    const pins = this.#pins.get(epoch) ?? new Map<number, number | null>()
    this.#pins.set(epoch, pins)
    pins.set(offset, event.t === 'pin' ? event.pin.skuId : null)
  }

  #fault(text: string): void {
    if (this.faults.length < 20) this.faults.push(text)
  }
}
