import type { DeskActionKind } from '@chunbo/contract'
import type { Identity } from '../identity/index.ts'
import type { Live } from '../live/index.ts'
import type { Platform } from '../platform/slice.ts'
import type { ToldVersions } from './chat-rules.ts'
import type { ChatTerms } from './chat-terms.ts'
import type { DeskTeller } from './desk-teller.ts'
import type { QuestionBooks } from './question-books.ts'
import type { RoomBooks } from './room-books.ts'

/** What somebody did at a desk, for the list of a show's actions. */
export interface ChatAction {
  readonly roomId: number
  readonly userId: number
  readonly kind: DeskActionKind & ('chat_mode' | 'chat_pin' | 'chat_delete' | 'mute' | 'unmute' | 'answer')
  /** What it touches: only the newest of an aspect can be undone. */
  readonly aspect: string
  readonly detail: object
  /** What the undoer of its kind needs; null where it cannot be taken back. */
  readonly undo: object | null
}

/** What the commands of this slice share. */
export interface ChatContext {
  readonly platform: Platform
  readonly identity: Identity
  readonly live: Pick<Live, 'tell' | 'inMemory' | 'team' | 'countyOf' | 'flushChat'>
  readonly rooms: RoomBooks
  readonly questions: QuestionBooks
  readonly desk: DeskTeller
  readonly told: ToldVersions
  /** The operator's packs as they are now. */
  readonly terms: { current: ChatTerms }
  /** @throws Refusal live.room_not_found for who may not enter, such as a practice room */
  requireEntry(roomId: number, userId: number): Promise<void>
  /** Something was done at a desk and is written down. Must not throw. */
  acted(action: ChatAction): void
}
