import type { Live } from '../live/index.ts'
import type { Log } from '../platform/log.ts'

/** A section of the desk is told at most this often, because in a full room it changes with every tick. */
const GAP_MS = 700

/** Tells the desks of a room what changed: soon, and once for many changes. */
export interface DeskTeller {
  changed(roomId: number, section: 'moderation' | 'questions'): void
  close(): void
}

export function createDeskTeller(
  live: Pick<Live, 'tell' | 'inMemory'>,
  log: Log,
  read: { moderation(roomId: number): Promise<unknown>; questions(roomId: number): Promise<unknown> },
): DeskTeller {
  const timers = new Map<string, NodeJS.Timeout>()
  return {
    changed(roomId, section) {
      const key = `${section} ${roomId}`
      if (timers.has(key)) return
      const timer = setTimeout(() => {
        timers.delete(key)
        if (live.inMemory(roomId) === undefined) return
        read[section](roomId).then(
          (data) => live.tell(roomId, (room) => room.tellDesk(section, data)),
          (error: unknown) => log.warn({ err: error, roomId, section }, 'a section of the desk could not be read'),
        )
      }, GAP_MS)
      timers.set(key, timer)
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
