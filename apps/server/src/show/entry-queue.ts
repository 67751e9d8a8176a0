import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { addEntries } from './enter-bag.ts'

/** Entries that one statement takes. */
const BATCH_MAX = 500

/**
 * Entries by group commit: while one statement for a bag is in the database the next entries gather, so that a room of ten thousand that
 * taps at once costs tens of commits and not ten thousand.
 */
export interface EntryQueue {
  /** Gives the ticket; null for who was in already, or when the bag has closed. */
  add(dropId: number, userId: number): Promise<string | null>
}

interface Waiting {
  readonly userId: number
  readonly resolve: (ticket: string | null) => void
  readonly reject: (error: unknown) => void
}

export function createEntryQueue(db: Database, clock: Clock): EntryQueue {
  /** The bags for which a statement is under way, with who gathers for the next one. */
  const gathering = new Map<number, Waiting[]>()

  async function work(dropId: number, waiting: Waiting[]): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH_MAX)
      try {
        const userIds = [...new Set(batch.map(({ userId }) => userId))]
        const tickets = await addEntries(db, dropId, userIds, clock.now())
        for (const { userId, resolve } of batch) resolve(tickets.get(userId) ?? null)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    gathering.delete(dropId)
  }
  return {
    add: (dropId, userId) =>
      new Promise((resolve, reject) => {
        const known = gathering.get(dropId)
        const waiting = known ?? []
        waiting.push({ userId, resolve, reject })
        if (known) return
        gathering.set(dropId, waiting)
        void work(dropId, waiting)
      }),
  }
}
