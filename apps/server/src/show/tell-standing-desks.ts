import type { ShowContext } from './context.ts'
import { roomsWithDesks } from './take-seat.ts'
import { tellDrop } from './tell-drop.ts'

/** How long who opened or closed a drop has to tell of it. */
const MISSED_MS = 3_000

/** Rooms on air, and those at whose desk somebody sits. */
async function roomsToTell(context: ShowContext): Promise<number[]> {
  const onAir = await context.platform.db.query<{ id: number }>(
    `select id from rooms where status in ('live', 'paused') order by started_at desc, id desc limit 1000`,
    [],
    'show-on-air',
  )
  return [...new Set([...onAir.map(({ id }) => id), ...(await roomsWithDesks(context))])]
}

/**
 * Tells rooms of drops that they do not show as they are: a process that opened or closed one died, or lost the database, before it could say
 * so. What changed less than a moment ago is about to be told by who changed it.
 */
async function tellMissed(context: ShowContext, roomIds: readonly number[]): Promise<void> {
  const { platform, live } = context
  const before = new Date(platform.clock.now().getTime() - MISSED_MS)
  const rows = await platform.db.query<{ id: number; roomId: number; open: boolean }>(
    `select id, room_id as "roomId", closed_at is null as open from room_drops
     where room_id = any($1::bigint[]) and opened_at < $2 and (closed_at is null or (closed_at < $2 and closed_at > $3))`,
    [roomIds, before, new Date(before.getTime() - 60_000)],
    'show-drops-to-show',
  )
  for (const { id, roomId, open } of rows) {
    const shown = live.inMemory(roomId)?.view.drops.find((drop) => drop.id === id)
    if (shown?.open !== open && (shown !== undefined || open)) await tellDrop(context, id)
  }
}

/** Tells the desks of what changes without anybody doing anything: warnings, figures, who has left. Only what has changed is sent. */
export async function tellStandingDesks(context: ShowContext): Promise<void> {
  const { live, desk, said } = context
  const rooms = (await roomsToTell(context)).flatMap((roomId) => live.inMemory(roomId) ?? [])
  for (const { id } of rooms) desk.changed(id, 'people', 'warnings', 'figures')
  await tellMissed(
    context,
    rooms.map(({ id }) => id),
  )
  const open = new Set(rooms.flatMap(({ view }) => view.drops.flatMap((drop) => (drop.open ? drop.id : []))))
  said.forget((dropId) => open.has(dropId))
}
