import type { NoticeInput } from '@chunbo/contract'
import { first, one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import { writeAction } from './record-action.ts'
import { requireCleanWords } from './require-clean-words.ts'

/** Notices of a room in a minute: each covers a part of every viewer's picture. */
export const NOTICES_A_MINUTE_MAX = 6

/**
 * Shows a notice to everybody in the room. The room's row is held, so that the limit holds for all its desks together.
 * @throws Refusal show.words_not_allowed, show.too_many_notices, live.room_not_found, live.room_ended
 */
export async function postNotice(
  context: ShowContext,
  roomId: number,
  input: NoticeInput,
  userId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const textZh = input.textZh.trim()
  const textEn = input.textEn?.trim() ?? ''
  requireCleanWords(context, textZh, textEn)
  await db.transaction(async (tx) => {
    const room = first(
      await tx.query<{ status: string }>('select status from rooms where id = $1 for no key update', [roomId]),
    )
    if (!room) throw new Refusal('live.room_not_found')
    if (room.status === 'ended') throw new Refusal('live.room_ended')
    const now = clock.now()
    const { lately } = one(
      await tx.query<{ lately: number }>(
        `select count(*)::int as lately from desk_actions where room_id = $1 and kind = 'notice' and at > $2`,
        [roomId, new Date(now.getTime() - 60_000)],
      ),
    )
    if (lately >= NOTICES_A_MINUTE_MAX) throw new Refusal('show.too_many_notices', { max: NOTICES_A_MINUTE_MAX })
    const detail = { textZh, textEn }
    await writeAction(tx, { roomId, userId, kind: 'notice', aspect: 'notice', detail, undo: null }, now)
  })
  context.live.tell(roomId, (room) => room.publish({ t: 'notice', textZh, textEn }, 'now'))
  context.desk.changed(roomId, 'actions')
}
