import type { ChatReason } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import { writeLog } from './chat-log.ts'
import type { ChatContext } from './context.ts'
import { findLine } from './find-line.ts'

/** A viewer reports a line; again by the same person does no harm. @throws Refusal chat.line_not_found, chat.line_gone */
export async function reportLine(
  context: ChatContext,
  roomId: number,
  report: { readonly lineId: string; readonly reason: ChatReason; readonly words: string },
  userId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const line = await findLine(context, roomId, report.lineId)
  if (line.gone) throw new Refusal('chat.line_gone')
  const added = await db.query(
    `insert into chat_reports (room_id, line_id, reporter_id, reason, words, reported_at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing returning line_id`,
    [roomId, report.lineId, userId, report.reason, report.words, clock.now()],
  )
  if (added.length > 0) context.desk.changed(roomId, 'moderation')
}

/** The team has looked, and nothing is wrong with the line. @throws Refusal chat.line_not_found */
export async function settleReports(
  context: ChatContext,
  roomId: number,
  lineId: string,
  userId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const line = await findLine(context, roomId, lineId)
  const at = clock.now()
  const settled = await db.transaction(async (tx) => {
    const rows = await tx.query(
      `update chat_reports set settled_at = $3 where room_id = $1 and line_id = $2 and settled_at is null returning line_id`,
      [roomId, lineId, at],
    )
    if (rows.length === 0) return 0
    const detail = { lineId, name: line.name, reports: rows.length }
    await writeLog(tx, { roomId, actorId: userId, at, act: 'settle_reports', subject: line.text, detail })
    return rows.length
  })
  if (settled > 0) context.desk.changed(roomId, 'moderation')
}
