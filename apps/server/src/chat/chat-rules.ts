import { CHAT_MODE_OPEN, type ChatLine, type ChatMode } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

/** What a room's chat is told to be. */
export interface ChatRules {
  readonly mode: ChatMode
  readonly pin: ChatLine | null
}

/** The rules of a room's chat; those of a room that never had any are open. */
export async function readRules(db: Queryable, roomId: number): Promise<ChatRules> {
  const row = first(
    await db.query<ChatMode & { pin: ChatLine | null }>(
      'select slow_s as "slowS", followers_only as "followersOnly", closed, pin from chat_rules where room_id = $1',
      [roomId],
      'chat-rules',
    ),
  )
  if (!row) return { mode: CHAT_MODE_OPEN, pin: null }
  const { pin, ...mode } = row
  return { mode, pin }
}

/** @throws Refusal live.room_ended: a show that is over has no more rules */
export async function requireOpenRoom(db: Queryable, roomId: number): Promise<void> {
  const open = await db.query(`select from rooms where id = $1 and status <> 'ended'`, [roomId])
  if (open.length === 0) throw new Refusal('live.room_ended')
}

/** Newest versions of chat_rules that rooms were told, by aspect, so that two desks' commits are not told in the wrong order. */
export class ToldVersions {
  readonly #told = new Map<string, number>()

  /** Whether this version is newer than what was told; then it counts as told. */
  isNews(roomId: number, aspect: 'mode' | 'pin', version: number): boolean {
    const key = `${aspect} ${roomId}`
    if (version <= (this.#told.get(key) ?? 0)) return false
    // Versions of rooms that are long over are not needed, and versions only rise.
    if (this.#told.size > 10_000) this.#told.clear()
    this.#told.set(key, version)
    return true
  }
}
