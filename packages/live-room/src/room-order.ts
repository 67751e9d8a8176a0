import {
  applyRoomEvent,
  type RoomLatestEvent,
  type RoomStreamEvent,
  type RoomView,
  type SkuCard,
} from '@chunbo/contract'
import type { RoomLimits } from './limits.ts'
import { type Aspect, aspectOf, type SharedEntry, type SharedStream } from './room-bus.ts'
import { type RoomOpening, versionsOf, viewOf } from './room-opening.ts'
import { SentTimes } from './sent-times.ts'
import { frameText, type SharedFrame } from './shared-frame.ts'
import { StreamLog } from './stream-log.ts'
import { WelcomeFrames } from './welcome-frames.ts'

/** What stands where something in the order was taken back before it was told; it keeps the numbers of what follows. */
const NOTHING: RoomStreamEvent = { t: 'chat_gone', lineIds: [] }

/**
 * The order of a room: what waits for the tick, what was numbered, and the view that comes of it. Every event that was taken gets the next
 * number, so several nodes that take the same events in the same order agree on all of them.
 */
export class RoomOrder {
  readonly #limits: RoomLimits
  #log: StreamLog
  #welcome: WelcomeFrames
  #sent = new SentTimes()
  #versions: Record<Aspect, number>
  #view: RoomView
  #pending: RoomStreamEvent[] = []

  constructor(limits: RoomLimits, opening: RoomOpening, shared: SharedStream | null) {
    this.#limits = limits
    this.#log = this.#newLog(shared)
    this.#welcome = new WelcomeFrames(this.#log, limits.resumeBytesMax)
    this.#versions = versionsOf(opening)
    this.#view = viewOf(opening, this.#log, shared)
  }

  /** The state as of the last flush. */
  get view(): RoomView {
    return this.#view
  }

  get offset(): number {
    return this.#log.offset
  }

  /** Whether something waits for the tick. */
  get waits(): boolean {
    return this.#pending.length > 0
  }

  /** Whether state of this version is older than what was taken. */
  isStale(event: RoomStreamEvent, version: number): boolean {
    const aspect = aspectOf(event)
    return aspect !== null && version < this.#versions[aspect]
  }

  /** Takes an event as the next one. */
  take({ event, version }: SharedEntry): void {
    const aspect = aspectOf(event)
    if (aspect !== null && version !== undefined) this.#versions[aspect] = Math.max(version, this.#versions[aspect])
    if (event.t === 'chat_gone') this.#forgetLines(new Set(event.lineIds))
    if (event.t === 'answer') this.#forgetAnswer(event.answer.questionId)
    this.#pending.push(event.t === 'shelf' ? { ...event, cards: this.#withoutTold(event.cards) } : event)
  }

  /** Takes the event of an offset that several nodes agreed on. Nothing is done with one that was taken before; false when one is missing. */
  takeShared(epoch: string, offset: number, entry: SharedEntry): boolean {
    const next = this.#log.offset + this.#pending.length + 1
    if (epoch !== this.#log.epoch || offset > next) return false
    if (offset === next) this.take(entry)
    return true
  }

  /** Numbers what waits and applies it, then what `latestOf` gives for the view after it; the frame tells both. */
  flush(latestOf: (view: RoomView) => readonly RoomLatestEvent[], nowMs: number): SharedFrame {
    const events = this.#pending.map((event) => JSON.stringify(event))
    const from = this.#log.offset
    this.#log.append(events)
    this.#view = { ...this.#pending.reduce(applyRoomEvent, this.#view), offset: this.#log.offset }
    this.#pending = []
    for (const latest of latestOf(this.#view)) {
      this.#view = applyRoomEvent(this.#view, latest)
      events.push(JSON.stringify(latest))
    }
    this.#welcome.forget()
    const { epoch, offset } = this.#log
    this.#sent.note(offset, nowMs)
    return frameText(
      `{"t":"tick","from":${from},"offset":${offset},"events":[${events.join(',')}]}`,
      `${epoch}:${offset}`,
    )
  }

  snapshot(): SharedFrame {
    return this.#welcome.snapshot(this.#view)
  }

  /** What was missed since a place, or null when a snapshot is the better answer. */
  resume(epoch: string, offset: number): SharedFrame | null {
    return this.#welcome.resume(this.#view, epoch, offset)
  }

  /** Whether a place in this numbering is still to come. */
  isAhead(epoch: string, offset: number): boolean {
    return epoch === this.#log.epoch && offset > this.#log.offset
  }

  /** How long ago the first event after `offset` was sent. */
  behindMs(offset: number, nowMs: number): number {
    return this.#sent.behindMs(offset, nowMs)
  }

  /** Another numbering for the same view, from 0. What waits has to be flushed before. */
  beginAlone(): void {
    this.#begin(this.#newLog(null), this.#view)
  }

  /** The numbering of several nodes, and the view that SQL and their stream say. What waits is among it. */
  beginShared(opening: RoomOpening, shared: SharedStream, crowd: Pick<RoomView, 'viewers' | 'likes'>): void {
    const log = this.#newLog(shared)
    this.#versions = versionsOf(opening)
    this.#pending = []
    this.#begin(log, { ...viewOf(opening, log, shared), ...crowd })
  }

  #begin(log: StreamLog, view: RoomView): void {
    this.#log = log
    this.#welcome = new WelcomeFrames(log, this.#limits.resumeBytesMax)
    this.#sent = new SentTimes()
    this.#view = { ...view, epoch: log.epoch, offset: log.offset }
  }

  #newLog(shared: SharedStream | null): StreamLog {
    const log = new StreamLog(this.#limits.historyEventsMax, this.#limits.historyBytesMax, shared)
    for (const event of shared?.kept ?? []) if (event.t === 'chat_gone') log.forget(carries(new Set(event.lineIds)))
    return log
  }

  /** A shelf that is told twice before the tick, by the desk and by the look that is taken now and then, carries its cards once. */
  #withoutTold(cards: readonly SkuCard[]): SkuCard[] {
    const waiting = this.#pending.flatMap((each) => (each.t === 'shelf' ? each.cards : []))
    return cards.filter(
      (card) => !waiting.some(({ skuId, version }) => skuId === card.skuId && version === card.version),
    )
  }

  /** What was taken down goes to nobody any more: not with this tick, and not to those who come back. */
  #forgetLines(lineIds: ReadonlySet<string>): void {
    this.#pending = this.#pending.map((event) => (event.t === 'chat' && lineIds.has(event.line.id) ? NOTHING : event))
    this.#log.forget(carries(lineIds))
    this.#welcome.forget()
  }

  /** An answer that is told again has other words, because those of before were taken down. */
  #forgetAnswer(questionId: number): void {
    if (!this.#view.answers.some((answer) => answer.questionId === questionId)) return
    this.#log.forget((event) => event.startsWith(`{"t":"answer","answer":{"questionId":${questionId},`))
    this.#welcome.forget()
  }
}

/** Whether an encoded event carries one of these lines of the chat. */
function carries(lineIds: ReadonlySet<string>): (event: string) => boolean {
  return (event) => {
    const id = /^\{"t":"(?:chat|chat_pin)","line":\{"id":"([^"]*)"/.exec(event)?.[1]
    return id !== undefined && lineIds.has(id)
  }
}
