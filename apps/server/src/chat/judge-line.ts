import type { ChatMode } from '@chunbo/contract'
import type { ChatVerdict } from '../live/index.ts'
import type { ChatTerms } from './chat-terms.ts'
import { findContact } from './find-contact.ts'
import { foldText } from './fold-text.ts'
import { checkHostWords } from './host-words.ts'
import type { RoomBook } from './room-book.ts'

/** What the rules ask of the world. All of it answers at once. */
export interface JudgeWorld {
  readonly terms: ChatTerms
  isFollowing(userId: number, countyCode: number): boolean
  /** Whether the account of a minor may not talk. */
  isSilentMinor(userId: number, countyCode: number): boolean
  /** Phrases of open lucky bags, which everybody is asked to say. */
  readonly phrases: readonly string[]
  /** UTC in ms. */
  readonly wallMs: number
  /** Ms of a clock that never jumps. */
  readonly steadyMs: number
}

interface Speaker {
  readonly id: number
  readonly isHost: boolean
}

/** Folded text without spaces, for telling whether two lines are the same. */
export const sameText = (text: string) => foldText(text).replace(/\s+/g, '')

/**
 * What the rules of a room say to a line; null lets it through. The cheap rules come first. The host team is free of all of them, and bound
 * by the advertising law instead.
 */
export function judgeLine(
  world: JudgeWorld,
  book: RoomBook,
  speaker: Speaker,
  text: string,
  mode: ChatMode,
): ChatVerdict | null {
  if (speaker.isHost) return judgeHost(text)
  const silence = book.silenceOf(speaker.id, world.wallMs, world.steadyMs)
  if (silence !== null) return silenced(silence, world.wallMs)
  if (world.isSilentMinor(speaker.id, book.countyCode)) return { code: 'room.chat_minor' }
  if (mode.closed) return { code: 'room.chat_paused' }
  if (mode.followersOnly && !world.isFollowing(speaker.id, book.countyCode)) return { code: 'room.chat_followers' }
  const waitMs = book.slowWaitMs(speaker.id, mode.slowS, world.steadyMs)
  if (waitMs > 0) return { code: 'room.chat_slow', retryAfterMs: waitMs }
  const folded = foldText(text)
  if (isRepeated(world, book, speaker.id, text)) return { code: 'room.chat_repeated' }
  if (findContact(folded) !== null) return { code: 'room.chat_contact' }
  if (world.terms.find(folded).length > 0) return { code: 'room.chat_terms' }
  return null
}

function isRepeated(world: JudgeWorld, book: RoomBook, userId: number, text: string): boolean {
  const same = sameText(text)
  const isAskedFor = world.phrases.some((phrase) => phrase !== '' && same.includes(sameText(phrase)))
  return !isAskedFor && book.isRepeated(userId, same, world.steadyMs)
}

function judgeHost(text: string): ChatVerdict | null {
  const words = checkHostWords(text).filter(({ action }) => action === 'block')
  if (words.length === 0) return null
  const list = words.map(({ term }) => `“${term}”`).join('')
  return {
    code: 'room.chat_terms',
    texts: { zh: `广告法不允许这样说：${list}`, en: `The advertising law does not allow this to be said: ${list}` },
  }
}

function silenced({ untilMs, county }: { untilMs: number; county: boolean }, wallMs: number): ChatVerdict {
  if (county || untilMs === Number.POSITIVE_INFINITY) {
    const texts = {
      zh: '你在本县的直播间不能发言，可以申诉',
      en: 'You cannot talk in the rooms of this county; you can appeal',
    }
    return { code: 'room.chat_muted', texts }
  }
  const waitMs = untilMs - wallMs
  const minutes = Math.max(1, Math.ceil(waitMs / 60_000))
  const texts = {
    zh: `你被禁言了，还有 ${minutes} 分钟，可以申诉`,
    en: `You are muted here for another ${minutes} min; you can appeal`,
  }
  return { code: 'room.chat_muted', retryAfterMs: waitMs, texts }
}
