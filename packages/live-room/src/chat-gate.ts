import type { ChatLine, RoomStatus } from '@chunbo/contract'
import { TokenBucket, TokenBuckets } from '@chunbo/web-socket'
import { cleanChatText, countChars, LineIds, speakerOf } from './chat-line.ts'
import type { RoomLimits } from './limits.ts'
import type { ChatRefusalCode } from './refusals.ts'
import type { Viewer } from './session.ts'

export type ChatDecision =
  | { readonly verdict: 'accepted'; readonly line: ChatLine; readonly userId: number }
  /** The same message was accepted before: the sender did not hear of it and sent it again. */
  | { readonly verdict: 'repeated'; readonly lineId: string }
  | {
      readonly verdict: 'refused'
      readonly code: ChatRefusalCode
      readonly retryAfterMs?: number
      readonly texts?: { readonly zh: string; readonly en: string }
    }

/** Why the rules of a room do not let a line through. Texts where the code's own do not say enough. */
export interface ChatVerdict {
  readonly code: ChatRefusalCode
  readonly retryAfterMs?: number
  readonly texts?: { readonly zh: string; readonly en: string }
}

/** How many accepted messages are remembered to recognise one that is sent again after a dropped connection. */
const REMEMBERED_MAX = 2_000

/** Decides whether a message becomes a line of the room's chat. `steadyMs` is of a clock that never jumps, `wallMs` is UTC. */
export class ChatGate {
  readonly #limits: RoomLimits
  readonly #byUser: TokenBuckets<number>
  readonly #byRoom: TokenBucket
  readonly #ids: LineIds
  /** Line ids by user and the client's id; oldest first, as maps keep the order of insertion. */
  readonly #said = new Map<string, string>()

  /** `recent` are the lines that the room starts with. */
  constructor(limits: RoomLimits, recent: readonly ChatLine[], steadyMs: number) {
    this.#limits = limits
    this.#ids = new LineIds(recent)
    this.#byUser = new TokenBuckets(limits.chatByUser)
    this.#byRoom = new TokenBucket(limits.chatByRoom, steadyMs)
  }

  decide(
    user: Viewer['user'],
    status: RoomStatus,
    message: { readonly id: string; readonly text: string },
    judge: (user: NonNullable<Viewer['user']>, text: string) => ChatVerdict | null,
    steadyMs: number,
    wallMs: number,
  ): ChatDecision {
    if (user === null) return { verdict: 'refused', code: 'room.chat_sign_in' }
    const key = `${user.id}:${message.id}`
    const lineId = this.#said.get(key)
    if (lineId !== undefined) return { verdict: 'repeated', lineId }
    if (status === 'ended') return { verdict: 'refused', code: 'room.chat_closed' }
    const text = cleanChatText(message.text)
    if (text === '') return { verdict: 'refused', code: 'room.chat_empty' }
    if (countChars(text) > this.#limits.chatCharsMax) return { verdict: 'refused', code: 'room.chat_too_long' }
    // The cheapest rule first: a flood must not cost what reading its texts costs.
    const userWaitMs = this.#byUser.take(user.id, steadyMs)
    if (userWaitMs > 0) return { verdict: 'refused', code: 'room.chat_too_fast', retryAfterMs: userWaitMs }
    const verdict = judge(user, text)
    if (verdict !== null) return { verdict: 'refused', ...verdict }
    const roomWaitMs = this.#byRoom.take(steadyMs)
    if (roomWaitMs > 0) return { verdict: 'refused', code: 'room.chat_busy', retryAfterMs: roomWaitMs }
    const line: ChatLine = {
      id: this.#ids.next(wallMs),
      atMs: wallMs,
      ...speakerOf(user),
      text,
    }
    this.#remember(key, line.id)
    return { verdict: 'accepted', line, userId: user.id }
  }

  /** What was accepted did not get into the order after all, and may be said again. */
  forget(userId: number, messageId: string): void {
    this.#said.delete(`${userId}:${messageId}`)
  }

  sweep(steadyMs: number): void {
    this.#byUser.sweep(steadyMs)
  }

  #remember(key: string, lineId: string): void {
    this.#said.set(key, lineId)
    if (this.#said.size <= REMEMBERED_MAX) return
    for (const oldest of this.#said.keys()) {
      this.#said.delete(oldest)
      break
    }
  }
}
