import type { ChatLine } from '@chunbo/contract'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'

const FLUSH_MS = 500
/** Lines in one statement. */
const BATCH_MAX = 1_000
/** Lines that wait while the database is away: a minute of the busiest room. Beyond it the oldest are given up, and that is logged. */
const WAITING_MAX = 25_000

interface Entry {
  readonly roomId: number
  readonly userId: number
  readonly line: ChatLine
}

/** Writes chat down in batches, behind the room: saying something never waits for the database. */
export interface ChatBook {
  add(roomId: number, line: ChatLine, userId: number): void
  /** Writes what waits. Rejects when the database is away; what waits then stays. */
  flush(): Promise<void>
  start(): void
  /** Writes what waits and stops. */
  close(): Promise<void>
}

export function createChatBook(db: Database, log: Log): ChatBook {
  let waiting: Entry[] = []
  let writing: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_MAX)
      await insert(db, batch)
      // Lines may have been given up meanwhile, so what was written is taken out by identity and not by count.
      const written = new Set(batch)
      waiting = waiting.filter((entry) => !written.has(entry))
    }
  }
  function flush(): Promise<void> {
    writing ??= write().finally(() => {
      writing = null
    })
    return writing
  }
  return {
    add(roomId, line, userId) {
      waiting.push({ roomId, line, userId })
      if (waiting.length <= WAITING_MAX) return
      waiting = waiting.slice(-WAITING_MAX + BATCH_MAX)
      log.error({ lines: BATCH_MAX }, 'chat lines were not written down, because the database is away')
    },
    flush,
    start() {
      timer = setInterval(() => {
        if (waiting.length > 0) flush().catch((error: unknown) => log.warn({ err: error }, 'chat could not be written'))
      }, FLUSH_MS)
    },
    async close() {
      clearInterval(timer)
      await writing?.catch(() => undefined)
      await flush()
    },
  }
}

async function insert(db: Database, batch: readonly Entry[]): Promise<void> {
  // A batch that was written although its answer was lost comes again; the key makes that harmless.
  await db.query(
    `insert into room_chat (room_id, id, user_id, name, from_host, said_at, body, badge, level)
     select * from unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], $5::boolean[], $6::timestamptz[], $7::text[],
       $8::text[], $9::int[])
     on conflict do nothing`,
    [
      batch.map((entry) => entry.roomId),
      batch.map((entry) => entry.line.id),
      batch.map((entry) => entry.userId),
      batch.map((entry) => entry.line.name),
      batch.map((entry) => entry.line.from === 'host'),
      batch.map((entry) => new Date(entry.line.atMs)),
      batch.map((entry) => entry.line.text),
      batch.map((entry) => entry.line.badge ?? null),
      batch.map((entry) => entry.line.level ?? null),
    ],
    'live-chat-insert',
  )
}
