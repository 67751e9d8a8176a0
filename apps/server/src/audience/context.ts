import type { Identity } from '../identity/index.ts'
import type { Live } from '../live/index.ts'
import type { Platform } from '../platform/slice.ts'
import type { FanBook } from './fan-book.ts'

/** Brings a text message to a phone. Adapters for SMS services implement it; it throws when the message did not go out. */
export interface MessageSender {
  /** @param phone E.164 */
  send(phone: string, body: string): Promise<void>
}

export interface AudienceContext {
  readonly platform: Platform
  readonly identity: Identity
  readonly live: Live
  readonly fans: FanBook
  /** Null where the installation has none: reminders are then notices on the site alone. */
  readonly messageSender: MessageSender | null
  /** The name of a division as English readers spell it. */
  spelledPlace(nameZh: string): string
}
