import type { DeskActions } from '@chunbo/contract'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { ShowContext, Undoer } from './context.ts'

/** Actions that a desk lists. */
const ACTIONS_SHOWN = 60
/** How long an action can be undone: after that the show has gone on. */
export const UNDO_MS = 15 * 60_000

type ActionRow = Omit<DeskActions['actions'][number], 'atMs' | 'undone'> & {
  readonly at: Date
  readonly undoneBy: string | null
  readonly undoneAt: Date | null
}

/** That action `a` can be undone: it says how, is not undone, is young, and nothing that still stands has touched the same since. */
const UNDOABLE = `a.undo is not null and a.undone_at is null and a.at > $2 and not exists (
  select 1 from desk_actions n where n.room_id = a.room_id and n.id > a.id and n.aspect = a.aspect and n.undone_at is null)`

/** What was done at a room's desk, the newest first. */
export async function readActions({ platform }: Pick<ShowContext, 'platform'>, roomId: number): Promise<DeskActions> {
  const since = new Date(platform.clock.now().getTime() - UNDO_MS)
  const rows = await platform.db.query<ActionRow>(
    `select a.id, a.at, a.user_id as "byId", u.name as by, a.kind, a.detail, ${UNDOABLE} and r.status <> 'ended' as undoable,
       b.name as "undoneBy", a.undone_at as "undoneAt"
     from desk_actions a join users u on u.id = a.user_id join rooms r on r.id = a.room_id left join users b on b.id = a.undone_by
     where a.room_id = $1 order by a.id desc limit ${ACTIONS_SHOWN}`,
    [roomId, since],
    'show-actions',
  )
  return {
    actions: rows.map(({ at, undoneBy, undoneAt, ...row }) => ({
      ...row,
      atMs: at.getTime(),
      undone: undoneBy !== null && undoneAt ? { by: undoneBy, atMs: undoneAt.getTime() } : null,
    })),
  }
}

/** Takes the action for undoing: of two desks that undo the same, one gets it. */
async function takeAction({ platform }: ShowContext, roomId: number, actionId: number, userId: number) {
  const { db, clock } = platform
  const now = clock.now()
  const rows = await db.query<{ kind: DeskActions['actions'][number]['kind']; undo: Record<string, unknown> }>(
    `update desk_actions a set undone_by = $4, undone_at = $5
     where a.id = $1 and a.room_id = $3 and ${UNDOABLE} returning a.kind, a.undo`,
    [actionId, new Date(now.getTime() - UNDO_MS), roomId, userId, now],
  )
  return first(rows)
}

/**
 * Takes an action back, once, as long as nothing has touched the same since. What is undone is done by the same commands as a desk does it,
 * so everybody sees it; when those refuse, the action stands as it stood.
 * @throws Refusal show.action_not_found, show.undo_too_late, show.undone_already, and what the commands throw
 */
export async function undoAction(
  context: ShowContext,
  undoers: ShowContext['undoers'],
  at: { readonly roomId: number; readonly actionId: number },
  userId: number,
): Promise<void> {
  const { db } = context.platform
  const { roomId, actionId } = at
  const taken = await takeAction(context, roomId, actionId, userId)
  if (!taken) {
    const known = first(
      await db.query<{ undone: boolean }>(
        'select undone_at is not null as undone from desk_actions where id = $1 and room_id = $2',
        [actionId, roomId],
      ),
    )
    if (!known) throw new Refusal('show.action_not_found')
    throw new Refusal(known.undone ? 'show.undone_already' : 'show.undo_too_late')
  }
  try {
    const undo: Undoer | undefined = undoers[taken.kind]
    if (!undo) throw new Refusal('show.undo_too_late')
    await undo(roomId, taken.undo, userId)
  } catch (error) {
    await db.query('update desk_actions set undone_by = null, undone_at = null where id = $1', [actionId])
    throw error
  } finally {
    context.desk.changed(roomId, 'actions')
  }
}
