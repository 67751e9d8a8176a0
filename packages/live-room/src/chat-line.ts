import { randomBytes } from 'node:crypto'
import type { ChatLine } from '@chunbo/contract'
import type { Viewer } from './session.ts'

/**
 * A chat text as it is shown: composed (NFC), control, bidirectional-override and zero-width characters gone, white space single, ends trimmed.
 * Marks above a base are cut to three, because stacks of them paint over the lines of others.
 */
export function cleanChatText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]/g, '')
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Cs}/gu, '')
    .replace(/(\p{M}{3})\p{M}+/gu, '$1')
    .trim()
}

/** Characters as people count them: code points. */
export function countChars(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** A UUID of version 7 (RFC 9562): sorts by time, so that chat is stored in the order it was said. `atMs` is UTC. */
export function makeLineId(atMs: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(atMs, 0, 6)
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The ms in a UUID of version 7; 0 for what is none. */
function msOfLineId(id: string): number {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : 0
}

/**
 * Line ids of one room, each greater than the one before whatever the clock does: stored chat is sorted by id, and must come back in the
 * order in which it was said also when two lines fall in one ms or the clock was set back. `last` are the lines that the room starts with.
 */
export class LineIds {
  #lastMs: number

  constructor(last: readonly ChatLine[]) {
    this.#lastMs = Math.max(0, ...last.map(({ id }) => msOfLineId(id)))
  }

  next(wallMs: number): string {
    this.#lastMs = Math.max(wallMs, this.#lastMs + 1)
    return makeLineId(this.#lastMs)
  }
}

/** What the chat shows of a speaker beside the text. */
export function speakerOf(user: NonNullable<Viewer['user']>): Pick<ChatLine, 'name' | 'from' | 'badge' | 'level'> {
  return {
    name: user.name,
    from: user.isHost ? 'host' : 'viewer',
    ...(user.badge === undefined ? {} : { badge: user.badge }),
    ...(user.level === undefined || user.level < 1 ? {} : { level: user.level }),
  }
}
