import type { ChatLine } from '@chunbo/contract'
import type { Live } from '../live/index.ts'

/** Who said the phrase of a bag that is open, in this process; the chat's table knows the rest half a second later. */
export interface SaidPhrases {
  has(dropId: number, userId: number): boolean
  /** A line was said. Never throws and never waits. */
  heard(roomId: number, line: ChatLine, userId: number): void
  /** Who has said a phrase since the last call, by bag. */
  take(): Map<number, number[]>
  /** Forgets bags that are no longer open. */
  forget(isOpen: (dropId: number) => boolean): void
}

export function createSaidPhrases(live: Pick<Live, 'inMemory'>): SaidPhrases {
  const said = new Map<number, Set<number>>()
  let fresh = new Map<number, number[]>()
  return {
    has: (dropId, userId) => said.get(dropId)?.has(userId) ?? false,
    heard(roomId, line, userId) {
      for (const drop of live.inMemory(roomId)?.view.drops ?? []) {
        if (drop.kind !== 'bag' || !drop.open || drop.condition !== 'comment') continue
        if (!line.text.toLowerCase().includes(drop.phrase.toLowerCase())) continue
        const known = said.get(drop.id) ?? new Set()
        if (known.has(userId)) continue
        said.set(drop.id, known.add(userId))
        fresh.set(drop.id, [...(fresh.get(drop.id) ?? []), userId])
      }
    },
    take() {
      const taken = fresh
      fresh = new Map()
      return taken
    },
    forget(isOpen) {
      for (const dropId of said.keys()) if (!isOpen(dropId)) said.delete(dropId)
    },
  }
}
