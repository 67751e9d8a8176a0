import type { ChatMode } from '@chunbo/contract'
import { one } from '../platform/database.ts'
import { writeLog } from './chat-log.ts'
import { readRules, requireOpenRoom } from './chat-rules.ts'
import type { ChatContext } from './context.ts'

/** Slow mode, followers only, closed. What it is already changes nothing. @throws Refusal live.room_ended */
export async function setChatMode(context: ChatContext, roomId: number, mode: ChatMode, userId: number): Promise<void> {
  const { db, clock } = context.platform
  const detail = { ...mode }
  const done = await db.transaction(async (tx) => {
    await requireOpenRoom(tx, roomId)
    await tx.query('insert into chat_rules (room_id) values ($1) on conflict do nothing', [roomId])
    await tx.query('select from chat_rules where room_id = $1 for update', [roomId])
    const was = (await readRules(tx, roomId)).mode
    const rows = await tx.query<{ version: number }>(
      `update chat_rules set version = version + 1, slow_s = $2, followers_only = $3, closed = $4
       where room_id = $1 and (slow_s, followers_only, closed) is distinct from ($2::int, $3::boolean, $4::boolean)
       returning version`,
      [roomId, mode.slowS, mode.followersOnly, mode.closed],
    )
    if (rows.length === 0) return null
    await writeLog(tx, { roomId, actorId: userId, at: clock.now(), act: 'mode', subject: '', detail })
    return { was, version: one(rows).version }
  })
  if (done === null) return
  context.live.tell(roomId, (room) => {
    if (context.told.isNews(roomId, 'mode', done.version)) room.publish({ t: 'chat_mode', mode })
  })
  context.desk.changed(roomId, 'moderation')
  context.acted({ roomId, userId, kind: 'chat_mode', aspect: 'chat_mode', detail, undo: { was: done.was } })
}
