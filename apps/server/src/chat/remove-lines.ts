import type { ChatReason } from '@chunbo/contract'
import { first, type Queryable } from '../platform/database.ts'
import { writeLog } from './chat-log.ts'
import type { ChatContext } from './context.ts'
import { findLine } from './find-line.ts'
import { type ForgottenAskers, forgetAskers, NO_WORDS } from './forget-askers.ts'
import { tellPin } from './pin-comment.ts'

/** Lines in one event; more go in several. */
const EVENT_LINES_MAX = 500
/** Lines of one person that are taken down at once: what a room lets one person say in an hour is far less. */
const LINES_MAX = 5_000

/**
 * Takes a line down everywhere: in the room, in snapshots, after a restart, in the reports, as a question. Again does no harm.
 * @throws Refusal chat.line_not_found
 */
export async function removeLine(
  context: ChatContext,
  roomId: number,
  removal: { readonly lineId: string; readonly reason: ChatReason },
  userId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const line = await findLine(context, roomId, removal.lineId)
  await context.questions.flush()
  const at = clock.now()
  const { reason } = removal
  const detail = { lineId: line.id, name: line.name }
  const gone = await db.transaction(async (tx) => {
    const buried = await bury(tx, roomId, [line.id], { by: userId, at, reason })
    if (buried === null) return null
    await writeLog(tx, { roomId, actorId: userId, at, act: 'remove', subject: line.text, reason, detail })
    return buried
  })
  if (gone === null) return
  tellGone(context, roomId, gone)
  const acted = { ...detail, text: line.text, reason }
  context.acted({ roomId, userId, kind: 'chat_delete', aspect: `line:${line.id}`, detail: acted, undo: null })
}

/** Takes down all that somebody said in a room. By null the room itself does it. Gives how many lines it were. */
export async function removeLinesOf(
  context: ChatContext,
  roomId: number,
  of: { readonly userId: number; readonly name: string; readonly reason: ChatReason },
  by: number | null,
): Promise<number> {
  const { db, clock } = context.platform
  await context.live.flushChat()
  await context.questions.flush()
  const at = clock.now()
  const gone = await db.transaction(async (tx) => {
    const lines = await tx.query<{ id: string }>(
      `select id from shown_chat where room_id = $1 and user_id = $2 order by id desc limit ${LINES_MAX}`,
      [roomId, of.userId],
    )
    if (lines.length === 0) return null
    const ids = lines.map(({ id }) => id)
    const buried = await bury(tx, roomId, ids, { by, at, reason: of.reason })
    const detail = { lines: buried?.lineIds.length ?? 0 }
    await writeLog(tx, { roomId, actorId: by, at, act: 'remove', subject: of.name, reason: of.reason, detail })
    return buried
  })
  if (gone !== null) tellGone(context, roomId, gone)
  return gone?.lineIds.length ?? 0
}

interface Gone {
  readonly lineIds: string[]
  /** Version of the rules if the comment above the chat went too. */
  readonly unpinned: number | null
  readonly askers: ForgottenAskers
}

/** Puts tombstones over lines, and takes them out of everything that names them; null when all of them had one. */
async function bury(
  tx: Queryable,
  roomId: number,
  lineIds: readonly string[],
  removal: { readonly by: number | null; readonly at: Date; readonly reason: ChatReason },
): Promise<Gone | null> {
  // The rules come first, so that this and a desk that pins the line take turns.
  await tx.query('insert into chat_rules (room_id) values ($1) on conflict do nothing', [roomId])
  const rules = first(
    await tx.query<{ pinLineId: string | null }>(
      'select pin_line_id as "pinLineId" from chat_rules where room_id = $1 for update',
      [roomId],
    ),
  )
  const buried = await tx.query<{ id: string }>(
    `insert into chat_tombstones (room_id, line_id, removed_by, removed_at, reason)
     select $1, id, $3, $4, $5 from unnest($2::uuid[]) l (id) on conflict do nothing returning line_id as id`,
    [roomId, [...lineIds], removal.by, removal.at, removal.reason],
  )
  if (buried.length === 0) return null
  const ids = buried.map(({ id }) => id)
  let unpinned: number | null = null
  if (rules?.pinLineId && ids.includes(rules.pinLineId)) {
    const row = first(
      await tx.query<{ version: number }>(
        'update chat_rules set version = version + 1, pin_line_id = null, pin = null where room_id = $1 returning version',
        [roomId],
      ),
    )
    unpinned = row?.version ?? null
  }
  await tx.query(
    'update chat_reports set settled_at = $3 where room_id = $1 and line_id = any($2::uuid[]) and settled_at is null',
    [roomId, ids, removal.at],
  )
  return { lineIds: ids, unpinned, askers: await forgetAskers(tx, roomId, ids, removal.at) }
}

function tellGone(context: ChatContext, roomId: number, gone: Gone): void {
  for (let at = 0; at < gone.lineIds.length; at += EVENT_LINES_MAX) {
    const lineIds = gone.lineIds.slice(at, at + EVENT_LINES_MAX)
    context.live.tell(roomId, (room) => room.publish({ t: 'chat_gone', lineIds }, 'now'))
  }
  // An answer whose question stands in other words now is told again.
  for (const { questionId, text } of gone.askers.reworded) {
    context.live.tell(roomId, (room) => {
      const answer = room.view.answers.find((known) => known.questionId === questionId)
      if (answer) room.publish({ t: 'answer', answer: { ...answer, question: text ?? NO_WORDS } }, 'now')
    })
  }
  if (gone.unpinned !== null) tellPin(context, roomId, null, gone.unpinned)
  context.questions.forget(roomId, gone.askers)
  context.desk.changed(roomId, 'moderation')
}
