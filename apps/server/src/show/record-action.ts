import type { DeskActionKind } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import type { ShowContext } from './context.ts'

/** Something that was done at a desk. */
export interface DeskAction {
  readonly roomId: number
  readonly userId: number
  readonly kind: DeskActionKind
  /** What it touches, such as `pin` or `drop:7`: only the newest of an aspect can be undone. */
  readonly aspect: string
  readonly detail: object
  /** What is needed to take it back, for the undoing function of its kind; null where that cannot be. */
  readonly undo: object | null
}

/** Writes an action down in the caller's transaction; after the commit the caller tells the section `actions`. */
export async function writeAction(tx: Queryable, action: DeskAction, now: Date): Promise<void> {
  const { roomId, userId, kind, aspect, detail, undo } = action
  await tx.query(
    `insert into desk_actions (room_id, user_id, kind, aspect, detail, undo, at) values ($1, $2, $3, $4, $5, $6, $7)`,
    [roomId, userId, kind, aspect, JSON.stringify(detail), undo === null ? null : JSON.stringify(undo), now],
    'show-write-action',
  )
}

/**
 * Writes down what was done and tells the desks. It never throws: the thing itself is done, and its author must not believe
 * otherwise because the log could not be written.
 */
export async function recordAction(context: ShowContext, action: DeskAction): Promise<void> {
  const { db, clock, log } = context.platform
  try {
    await writeAction(db, action, clock.now())
    context.desk.changed(action.roomId, 'actions')
  } catch (error) {
    log.error({ err: error, roomId: action.roomId, kind: action.kind }, 'an action of a desk could not be written down')
  }
}
