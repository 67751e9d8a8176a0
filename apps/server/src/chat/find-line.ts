import type { ChatLine } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ChatContext } from './context.ts'

export interface FoundLine {
  readonly id: string
  readonly userId: number
  readonly name: string
  readonly fromHost: boolean
  readonly text: string
  readonly badge: NonNullable<ChatLine['badge']> | null
  readonly level: number | null
  readonly atMs: number
  /** Whether it was taken down. */
  readonly gone: boolean
}

/**
 * A line of a room by its id. Lines are written down behind the room, so what waits is written first.
 * @throws Refusal chat.line_not_found
 */
export async function findLine(
  { platform, live }: Pick<ChatContext, 'platform' | 'live'>,
  roomId: number,
  lineId: string,
): Promise<FoundLine> {
  const known = await readLine(platform.db, roomId, lineId)
  if (known) return known
  await live.flushChat()
  const written = await readLine(platform.db, roomId, lineId)
  if (!written) throw new Refusal('chat.line_not_found')
  return written
}

async function readLine(db: Queryable, roomId: number, lineId: string): Promise<FoundLine | null> {
  const row = first(
    await db.query<Omit<FoundLine, 'atMs'> & { at: Date }>(
      `select c.id, c.user_id as "userId", c.name, c.from_host as "fromHost", c.body as text, c.said_at as at, c.badge, c.level,
         exists (select from chat_tombstones t where t.room_id = c.room_id and t.line_id = c.id) as gone
       from room_chat c where c.room_id = $1 and c.id = $2`,
      [roomId, lineId],
      'chat-line',
    ),
  )
  return row ? { ...row, atMs: row.at.getTime() } : null
}

/** The line as the room shows it. */
export function asShown({ id, atMs, name, fromHost, text, badge, level }: FoundLine): ChatLine {
  const marks = { ...(badge === null ? {} : { badge }), ...(level === null ? {} : { level }) }
  return { id, atMs, name, from: fromHost ? 'host' : 'viewer', text, ...marks }
}
