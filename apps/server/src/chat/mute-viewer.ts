import type { ChatReason, MuteInput } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { writeLog } from './chat-log.ts'
import type { ChatContext } from './context.ts'
import { findLine } from './find-line.ts'
import { removeLinesOf } from './remove-lines.ts'
import { STRIKE_WINDOW_MS } from './room-book.ts'

/**
 * Silences who said a line: for some minutes in this room, or with 0 in every room of the county until it is lifted.
 * @throws Refusal chat.line_not_found, chat.line_of_team, chat.banned_already
 */
export async function muteViewer(context: ChatContext, roomId: number, input: MuteInput, by: number): Promise<void> {
  const countyCode = await context.live.countyOf(roomId)
  const line = await findLine(context, roomId, input.lineId)
  const isTeam = line.fromHost || (await context.identity.may(line.userId, { role: 'host', countyCode }))
  if (isTeam) throw new Refusal('chat.line_of_team')
  const { minutes, reason, words = '' } = input
  const target = { roomId, countyCode, userId: line.userId, name: line.name, lineId: line.id, text: line.text }
  await writeMute(context, target, { by, minutes, reason, words })
  if (input.takeDown) await removeLinesOf(context, roomId, { userId: line.userId, name: line.name, reason }, by)
}

/** The room silences somebody by itself, because too many of their lines were refused; they can appeal as against any other mute. */
export async function muteBySystem(
  context: ChatContext,
  roomId: number,
  who: { readonly userId: number; readonly name: string; readonly text: string },
): Promise<void> {
  const countyCode = await context.live.countyOf(roomId)
  const target = { roomId, countyCode, userId: who.userId, name: who.name, lineId: null, text: who.text }
  await writeMute(context, target, { by: null, minutes: STRIKE_WINDOW_MS / 60_000, reason: 'spam', words: '' })
}

interface Target {
  readonly roomId: number
  readonly countyCode: number
  readonly userId: number
  readonly name: string
  readonly lineId: string | null
  readonly text: string
}

async function writeMute(
  context: ChatContext,
  target: Target,
  mute: { readonly by: number | null; readonly minutes: number; readonly reason: ChatReason; readonly words: string },
): Promise<void> {
  const { db, clock } = context.platform
  const { roomId, countyCode, userId } = target
  const { by, minutes, reason, words } = mute
  const county = minutes === 0
  const at = clock.now()
  const until = county ? null : new Date(at.getTime() + minutes * 60_000)
  const detail = { ...(county ? {} : { minutes }), line: target.text, words }
  const act = county ? ('ban' as const) : ('mute' as const)
  const muteId = await db.transaction(async (tx) => {
    const row = first(
      await tx.query<{ id: number }>(
        `insert into chat_mutes (room_id, county_code, user_id, whole_county, user_name, line_id, line_text, reason, words,
           muted_by, muted_at, until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (county_code, user_id) where whole_county and lifted_at is null do nothing returning id`,
        [roomId, countyCode, userId, county, target.name, target.lineId, target.text, reason, words, by, at, until],
      ),
    )
    if (!row) throw new Refusal('chat.banned_already')
    await writeLog(tx, { roomId, actorId: by, at, act, subject: target.name, reason, detail })
    return row.id
  })
  context.rooms.silence(
    { muteId, userId, untilMs: until?.getTime() ?? Number.POSITIVE_INFINITY, county },
    roomId,
    countyCode,
  )
  tellMutes(context, { roomId, countyCode, county })
  if (by === null) return
  const acted = { muteId, name: target.name, minutes, reason }
  context.acted({ roomId, userId: by, kind: 'mute', aspect: `mute:${muteId}`, detail: acted, undo: { muteId } })
}

/** Tells the desks that show a mute: its room's, and for a ban those of all rooms of the county. */
export function tellMutes(
  context: ChatContext,
  mute: { readonly roomId: number; readonly countyCode: number; readonly county: boolean },
): void {
  const rooms = mute.county ? context.rooms.ofCounty(mute.countyCode) : [mute.roomId]
  for (const roomId of rooms) context.desk.changed(roomId, 'moderation')
}
