import type { ChatLine, RoomServerMessage, RoomView } from '@chunbo/contract'
import { ChatGate } from './chat-gate.ts'
import type { RoomLimits } from './limits.ts'
import { CHAT_REFUSALS, type ChatRefusalCode } from './refusals.ts'
import type { SharedEntry } from './room-bus.ts'
import type { RoomClock, RoomHooks } from './room-opening.ts'
import type { Viewer } from './session.ts'

/** How long a client's id of a message is known to all nodes. */
const SAID_S = 600
/** When somebody may try again to say what could not be put in order. */
const DELAYED_MS = 5_000

type Message = { readonly id: string; readonly text: string }
type Answer = (message: RoomServerMessage) => void

/** The chat of one room: whether a message becomes a line, and what its sender is told. */
export class RoomTalk {
  readonly #roomId: number
  readonly #clock: RoomClock
  readonly #hooks: RoomHooks
  readonly #gate: ChatGate
  readonly #add: (entry: SharedEntry) => null | Promise<string | null | false>

  /**
   * `add` puts a line into the order: null when it stands there, the id of the line that the same message made before, or false when
   * nobody can say just now where it would stand.
   */
  constructor(
    roomId: number,
    recent: readonly ChatLine[],
    limits: RoomLimits,
    clock: RoomClock,
    hooks: RoomHooks,
    add: (entry: SharedEntry) => null | Promise<string | null | false>,
  ) {
    this.#roomId = roomId
    this.#clock = clock
    this.#hooks = hooks
    this.#gate = new ChatGate(limits, recent, clock.steadyMs())
    this.#add = add
  }

  /** `answer` reaches the sender, also later. */
  say(user: Viewer['user'], view: RoomView, message: Message, answer: Answer): void {
    const judge = (by: NonNullable<Viewer['user']>, text: string) =>
      this.#hooks.judgeChat(this.#roomId, by, text, view.chatMode)
    const nowMs = this.#clock.steadyMs()
    const decision = this.#gate.decide(user, view.room.status, message, judge, nowMs, this.#clock.wallMs())
    if (decision.verdict === 'repeated') answer({ t: 'accepted', id: message.id, lineId: decision.lineId })
    else if (decision.verdict === 'refused') answer(refusalOf(message.id, decision))
    else this.#put(decision.line, decision.userId, message.id, answer)
  }

  sweep(nowMs: number): void {
    this.#gate.sweep(nowMs)
  }

  /** A line counts as said when it stands in the order. */
  #put(line: ChatLine, userId: number, id: string, answer: Answer): void {
    const once = { key: `said:${userId}:${id}`, value: line.id, forS: SAID_S }
    const done = (known: string | null | false) => {
      if (known === null) this.#hooks.chatSaid(this.#roomId, line, userId)
      if (known !== false) answer({ t: 'accepted', id, lineId: known ?? line.id })
      else {
        this.#gate.forget(userId, id)
        answer(refusalOf(id, { code: 'room.chat_delayed', retryAfterMs: DELAYED_MS }))
      }
    }
    const added = this.#add({ event: { t: 'chat', line }, when: 'tick', once })
    if (added === null) done(null)
    else void added.then(done)
  }
}

interface Why {
  readonly code: ChatRefusalCode
  readonly retryAfterMs?: number
  readonly texts?: { readonly zh: string; readonly en: string }
}

function refusalOf(id: string, { code, retryAfterMs, texts = CHAT_REFUSALS[code] }: Why): RoomServerMessage {
  return { t: 'refused', id, code, texts, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}
