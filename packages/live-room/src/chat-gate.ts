import type { ChatLine, RoomStatus } from '@chunbo/contract'
import { cleanChatText, countChars, makeLineId } from './chat-line.ts'
import type { RoomLimits } from './limits.ts'
import type { ChatRefusalCode } from './refusals.ts'
import type { Viewer } from './session.ts'
import { TokenBucket, TokenBuckets } from './token-bucket.ts'

export type ChatDecision =
  | { readonly verdict: 'accepted'; readonly line: ChatLine; readonly userId: number }
  /** The same message was accepted before: the sender did not hear of it and sent it again. */
  | { readonly verdict: 'repeated'; readonly lineId: string }
  | { readonly verdict: 'refused'; readonly code: ChatRefusalCode; readonly retryAfterMs?: number }

/** How many accepted messages are remembered to recognise one that is sent again after a dropped connection. */
const REMEMBERED_MAX = 2_000

/** Decides whether a message becomes a line of the room's chat. `steadyMs` is of a clock that never jumps, `wallMs` is UTC. */
export class ChatGate {
  readonly #limits: RoomLimits
  readonly #byUser: TokenBuckets<number>
  readonly #byRoom: TokenBucket
  /** Line ids by user and the client's id; oldest first, as maps keep the order of insertion. */
  readonly #said = new Map<string, string>()

  constructor(limits: RoomLimits, steadyMs: number) {
    this.#limits = limits
    this.#byUser = new TokenBuckets(limits.chatByUser)
    this.#byRoom = new TokenBucket(limits.chatByRoom, steadyMs)
  }

  decide(
    user: Viewer['user'],
    status: RoomStatus,
    message: { readonly id: string; readonly text: string },
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
    const userWaitMs = this.#byUser.take(user.id, steadyMs)
    if (userWaitMs > 0) return { verdict: 'refused', code: 'room.chat_too_fast', retryAfterMs: userWaitMs }
    const roomWaitMs = this.#byRoom.take(steadyMs)
    if (roomWaitMs > 0) return { verdict: 'refused', code: 'room.chat_busy', retryAfterMs: roomWaitMs }
    const line: ChatLine = {
      id: makeLineId(wallMs),
      atMs: wallMs,
      name: user.name,
      from: user.isHost ? 'host' : 'viewer',
      text,
    }
    this.#remember(key, line.id)
    return { verdict: 'accepted', line, userId: user.id }
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
