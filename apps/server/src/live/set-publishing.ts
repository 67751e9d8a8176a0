import type { PublishingInput } from '@chunbo/contract'
import type { Static } from 'typebox'
import { Refusal } from '../platform/problem.ts'
import type { LiveContext } from './context.ts'
import { takeRoom } from './room-row.ts'

const DAY_MS = 86_400_000
const KEY_DAYS_MAX = 366

/**
 * Decides who may publish: whether a second publisher takes over, and when the key ends at the latest. Whoever is publishing stays.
 * @throws Refusal live.room_not_found, live.room_ended, live.key_time_out_of_range
 */
export async function setPublishing(
  context: LiveContext,
  roomId: number,
  { takeover, keyUntil }: Static<typeof PublishingInput>,
  userId: number,
): Promise<void> {
  const { db, clock } = context.platform
  const until = keyUntil === null ? null : new Date(keyUntil)
  const aheadMs = until === null ? DAY_MS : until.getTime() - clock.now().getTime()
  if (aheadMs <= 0 || aheadMs > KEY_DAYS_MAX * DAY_MS) throw new Refusal('live.key_time_out_of_range')
  await db.transaction(async (tx) => {
    await takeRoom(tx, roomId)
    await tx.query('update room_stream_keys set takeover = $2, expires_at = $3 where room_id = $1', [
      roomId,
      takeover,
      until,
    ])
  })
  const detail = { takeover, keyUntil }
  await context.deskActed({ roomId, userId, kind: 'publishing', aspect: 'publishing', detail, undo: null })
}
