import { Refusal } from '../platform/problem.ts'
import type { ShowContext } from './context.ts'
import { addEntries, requireEntrant } from './enter-bag.ts'
import { type PlacedDrop, readVisibleDrop } from './visible-drop.ts'

async function mayEnter(context: ShowContext, bag: PlacedDrop, userId: number): Promise<boolean> {
  try {
    await requireEntrant(context, bag, userId)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

async function enterThem(context: ShowContext, dropId: number, userIds: readonly number[]): Promise<void> {
  const { db, clock } = context.platform
  // Whoever said it in a practice room is of its team, so the first of them may see the bag, or none.
  const bag = await readVisibleDrop(context, dropId, userIds[0] ?? null)
  const may = await Promise.all(userIds.map((userId) => mayEnter(context, bag, userId)))
  const entrants = userIds.filter((_, at) => may[at])
  if (entrants.length > 0 && (await addEntries(db, dropId, entrants, clock.now())).size > 0)
    context.counts.moved(dropId)
}

/** Puts those who have said the phrase of an open bag into it: saying it is the entry, no further tap is needed. */
export async function enterThoseWhoSaid(context: ShowContext): Promise<void> {
  for (const [dropId, userIds] of context.said.take()) {
    try {
      await enterThem(context, dropId, userIds)
    } catch (error) {
      // They can still enter by a tap.
      context.platform.log.warn({ err: error, dropId }, 'who said the phrase of a bag could not be entered')
    }
  }
}
