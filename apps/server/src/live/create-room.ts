import type { RoomInput } from '@chunbo/contract'
import { one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { LiveContext } from './context.ts'
import { requireCleanTitle } from './require-clean-title.ts'
import { mayBeScheduled, OPEN_ROOMS_MAX } from './room.ts'
import { makeStreamKey } from './stream-key.ts'

/**
 * Schedules a room with a stream key of its own. Gives its id. The caller has checked that the user is of the county's host team.
 * @throws Refusal live.scheduled_out_of_range, live.county_unknown, live.cover_unknown, live.too_many_rooms, live.title_words
 */
export async function createRoom(context: LiveContext, input: RoomInput, userId: number): Promise<number> {
  const { db, clock } = context.platform
  const now = clock.now()
  const scheduledAt = new Date(input.scheduledAt)
  if (!mayBeScheduled(scheduledAt, now)) throw new Refusal('live.scheduled_out_of_range')
  requireCleanTitle(context, input)
  return db.transaction(async (tx) => {
    // The lock on the county's row makes the count stand until the new room is in.
    const county = await tx.query(
      `select code from divisions where code = $1 and level in ('county', 'zone') for no key update`,
      [input.countyCode],
    )
    if (county.length === 0) throw new Refusal('live.county_unknown', { countyCode: input.countyCode })
    const { open } = one(
      await tx.query<{ open: number }>(
        `select count(*)::int as open from rooms where county_code = $1 and status <> 'ended'`,
        [input.countyCode],
      ),
    )
    if (open >= OPEN_ROOMS_MAX) throw new Refusal('live.too_many_rooms', { max: OPEN_ROOMS_MAX })
    await requirePicture(tx, input.coverPictureId ?? null)
    const { id } = one(
      await tx.query<{ id: number }>(
        `insert into rooms (county_code, title_zh, title_en, host_name, host_office, host_office_en, cover_picture_id, scheduled_at,
           created_by, created_at, practice, minors_warning)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id`,
        [
          input.countyCode,
          input.titleZh,
          input.titleEn ?? '',
          input.hostName,
          input.hostOffice ?? '',
          input.hostOfficeEn ?? '',
          input.coverPictureId ?? null,
          scheduledAt,
          userId,
          now,
          input.practice ?? false,
          input.minorsWarning ?? false,
        ],
      ),
    )
    await tx.query('insert into room_stream_keys (room_id, stream_key, made_by, made_at) values ($1, $2, $3, $4)', [
      id,
      makeStreamKey(context.identity.streamKeySecret),
      userId,
      now,
    ])
    return id
  })
}

/** @throws Refusal live.cover_unknown */
export async function requirePicture(
  tx: { query: LiveContext['platform']['db']['query'] },
  pictureId: string | null,
): Promise<void> {
  if (pictureId === null) return
  const found = await tx.query('select id from pictures where id = $1', [pictureId])
  if (found.length === 0) throw new Refusal('live.cover_unknown')
}
