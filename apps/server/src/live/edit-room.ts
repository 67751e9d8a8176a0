import type { RoomEdit } from '@chunbo/contract'
import type { Static } from 'typebox'
import { Refusal } from '../platform/problem.ts'
import type { LiveContext } from './context.ts'
import { requirePicture } from './create-room.ts'
import { requireCleanTitle } from './require-clean-title.ts'
import { mayBeScheduled } from './room.ts'
import { headOf, readRoom, takeRoom } from './room-row.ts'

/**
 * Changes what the edit names and tells everyone in the room.
 * @throws Refusal live.room_not_found, live.room_ended, live.scheduled_out_of_range, live.cover_unknown, live.title_words
 */
export async function editRoom(context: LiveContext, roomId: number, edit: Static<typeof RoomEdit>): Promise<void> {
  const { db, clock } = context.platform
  const scheduledAt = edit.scheduledAt === undefined ? null : new Date(edit.scheduledAt)
  if (scheduledAt && !mayBeScheduled(scheduledAt, clock.now())) throw new Refusal('live.scheduled_out_of_range')
  requireCleanTitle(context, edit)
  const room = await db.transaction(async (tx) => {
    await takeRoom(tx, roomId)
    await requirePicture(tx, edit.coverPictureId ?? null)
    await tx.query(
      `update rooms set title_zh = coalesce($2, title_zh), title_en = coalesce($3, title_en), host_name = coalesce($4, host_name),
         host_office = coalesce($5, host_office), host_office_en = coalesce($6, host_office_en),
         scheduled_at = coalesce($7, scheduled_at), cover_picture_id = case when $8 then $9::uuid else cover_picture_id end,
         minors_warning = coalesce($10, minors_warning)
       where id = $1`,
      [
        roomId,
        edit.titleZh ?? null,
        edit.titleEn ?? null,
        edit.hostName ?? null,
        edit.hostOffice ?? null,
        edit.hostOfficeEn ?? null,
        scheduledAt,
        edit.coverPictureId !== undefined,
        edit.coverPictureId ?? null,
        edit.minorsWarning ?? null,
      ],
    )
    return readRoom(tx, roomId)
  })
  context.hub.tell(roomId, (live) => live.publishState({ t: 'room', room: headOf(room) }, room.version))
}
