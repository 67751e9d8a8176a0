import type { LiveContext } from './context.ts'
import { takeRoom } from './room-row.ts'

/** Ends what is explained, if anything is. @throws Refusal live.room_not_found, live.room_ended */
export async function unpinProduct(context: LiveContext, roomId: number): Promise<void> {
  const { db, clock } = context.platform
  const version = await db.transaction(async (tx) => {
    const room = await takeRoom(tx, roomId)
    await tx.query(
      'update room_pins set unpinned_at = greatest($2, pinned_at) where room_id = $1 and unpinned_at is null',
      [roomId, clock.now()],
    )
    return room.version
  })
  context.hub.tell(roomId, (live) => live.publishState({ t: 'unpin' }, version))
}
