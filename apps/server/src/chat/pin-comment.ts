import type { ChatLine } from '@chunbo/contract'
import { first, one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { writeLog } from './chat-log.ts'
import { requireOpenRoom } from './chat-rules.ts'
import type { ChatContext } from './context.ts'
import { asShown, findLine } from './find-line.ts'

/**
 * Puts a line above the chat in the place of any before it; the later commit of two desks stands.
 * @throws Refusal live.room_ended, chat.line_not_found, chat.line_gone
 */
export async function pinComment(context: ChatContext, roomId: number, lineId: string, userId: number): Promise<void> {
  const { db, clock } = context.platform
  const found = await findLine(context, roomId, lineId)
  const line = asShown(found)
  const done = await db.transaction(async (tx) => {
    await requireOpenRoom(tx, roomId)
    await tx.query('insert into chat_rules (room_id) values ($1) on conflict do nothing', [roomId])
    // The lock on the row is what a desk that takes the line down at the same moment waits for.
    const before = one(
      await tx.query<{ was: string | null }>(
        'select pin_line_id as was from chat_rules where room_id = $1 for update',
        [roomId],
      ),
    )
    const after = one(
      await tx.query<{ version: number }>(
        'update chat_rules set version = version + 1, pin_line_id = $2, pin = $3 where room_id = $1 returning version',
        [roomId, lineId, JSON.stringify(line)],
      ),
    )
    const gone = await tx.query('select from chat_tombstones where room_id = $1 and line_id = $2', [roomId, lineId])
    if (gone.length > 0) throw new Refusal('chat.line_gone')
    await writeLog(tx, { roomId, actorId: userId, at: clock.now(), act: 'pin', subject: line.text })
    return { ...before, ...after }
  })
  tellPin(context, roomId, line, done.version)
  const detail = { lineId, text: line.text }
  context.acted({ roomId, userId, kind: 'chat_pin', aspect: 'chat_pin', detail, undo: { was: done.was } })
}

/** Takes down what stands above the chat; nothing there changes nothing. */
export async function unpinComment(context: ChatContext, roomId: number, userId: number): Promise<void> {
  const { db, clock } = context.platform
  const done = await db.transaction(async (tx) => {
    const before = first(
      await tx.query<{ pin: ChatLine }>(
        'select pin from chat_rules where room_id = $1 and pin is not null for update',
        [roomId],
      ),
    )
    if (!before) return null
    const rows = await tx.query<{ version: number }>(
      'update chat_rules set version = version + 1, pin_line_id = null, pin = null where room_id = $1 returning version',
      [roomId],
    )
    await writeLog(tx, { roomId, actorId: userId, at: clock.now(), act: 'unpin', subject: before.pin.text })
    return { pin: before.pin, version: one(rows).version }
  })
  if (!done) return
  tellPin(context, roomId, null, done.version)
  const undo = { was: done.pin.id }
  context.acted({ roomId, userId, kind: 'chat_pin', aspect: 'chat_pin', detail: { lineId: null }, undo })
}

/** Tells a room and its desks what stands above the chat now. */
export function tellPin(context: ChatContext, roomId: number, line: ChatLine | null, version: number): void {
  context.live.tell(roomId, (room) => {
    if (context.told.isNews(roomId, 'pin', version)) room.publish({ t: 'chat_pin', line })
  })
  context.desk.changed(roomId, 'moderation')
}
