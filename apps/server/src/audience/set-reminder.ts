import { REMINDERS_MAX } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { AudienceContext } from './context.ts'
import { requireKnown } from './follow-county.ts'

/**
 * Somebody wants to be told before a show begins; again changes nothing.
 * @throws Refusal audience.already_begun, audience.too_many_reminders, audience.guardian_needed, live.room_not_found
 */
export async function setReminder(context: AudienceContext, userId: number, roomId: number): Promise<void> {
  const { db, clock } = context.platform
  await requireKnown(context, userId, await context.live.countyOf(roomId))
  await db.transaction(async (tx) => {
    // The user's row makes the count stand for two taps at once; the room's keeps it from beginning meanwhile.
    await tx.query('select from users where id = $1 for no key update', [userId])
    const room = first(await tx.query<{ status: string }>('select status from rooms where id = $1 for share', [roomId]))
    if (room?.status !== 'scheduled') throw new Refusal('audience.already_begun')
    const open = await tx.query(
      `select w.room_id from room_reminders w join rooms r on r.id = w.room_id
       where w.user_id = $1 and w.told_at is null and r.status = 'scheduled' and w.room_id <> $2 limit $3`,
      [userId, roomId, REMINDERS_MAX],
    )
    if (open.length >= REMINDERS_MAX) throw new Refusal('audience.too_many_reminders', { max: REMINDERS_MAX })
    await tx.query(
      'insert into room_reminders (room_id, user_id, asked_at) values ($1, $2, $3) on conflict do nothing',
      [roomId, userId, clock.now()],
    )
  })
}

/** Takes a reminder back; one that was told stays among the notices. */
export async function dropReminder(context: AudienceContext, userId: number, roomId: number): Promise<void> {
  await context.platform.db.query(
    'delete from room_reminders where user_id = $1 and room_id = $2 and told_at is null',
    [userId, roomId],
  )
}
