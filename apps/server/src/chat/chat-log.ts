import type { ChatAct, ChatLogEntry, ChatReason } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import type { Sendable } from '../platform/routes.ts'

export interface LogLine {
  /** Null for what holds everywhere. */
  readonly roomId: number | null
  /** Null for what the room did by itself. */
  readonly actorId: number | null
  readonly at: Date
  readonly act: ChatAct
  readonly subject: string
  readonly reason?: ChatReason | null
  readonly detail?: Readonly<Record<string, unknown>>
}

/** Adds to the log that nobody can change, in the transaction of what it tells of. */
export async function writeLog(tx: Queryable, line: LogLine): Promise<void> {
  await tx.query(
    'insert into chat_log (room_id, actor_id, at, act, subject, reason, detail) values ($1, $2, $3, $4, $5, $6, $7)',
    [
      line.roomId,
      line.actorId,
      line.at,
      line.act,
      line.subject,
      line.reason ?? null,
      JSON.stringify(line.detail ?? {}),
    ],
  )
}

/** Entries of a room before this id, the newest first. */
export function readLog(
  db: Queryable,
  roomId: number,
  beforeId: number,
  limit: number,
): Promise<Sendable<ChatLogEntry>[]> {
  return db.query(
    `select l.id, l.at, coalesce(u.name, '') as "byName", l.act, l.subject, l.reason, l.detail
     from chat_log l left join users u on u.id = l.actor_id where l.room_id = $1 and l.id < $2 order by l.id desc limit $3`,
    [roomId, beforeId, limit],
  )
}
