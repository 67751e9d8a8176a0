import type { Live } from '../live/index.ts'
import type { Log } from '../platform/log.ts'

export const SHOW_SECTIONS = ['run', 'people', 'drops', 'actions', 'warnings', 'figures'] as const
export type ShowSection = (typeof SHOW_SECTIONS)[number]

/**
 * Tells the desks of a room of a section that has changed. The section is read anew each time, one read after the other, so what a desk
 * got last is what was true last; changes that come during a read make one more read for all of them.
 */
export interface DeskSections {
  /** Never throws and never waits. A room that is not in memory has no desks to tell. */
  changed(roomId: number, ...sections: ShowSection[]): void
  /** Resolves when everything that has changed so far is told. */
  settled(): Promise<void>
}

export function createDeskSections(
  live: Pick<Live, 'tell' | 'inMemory'>,
  log: Log,
  read: (section: ShowSection, roomId: number) => Promise<unknown>,
): DeskSections {
  /** What is being read, and whether it has changed again since. */
  const running = new Map<string, { again: boolean; done: Promise<void> }>()
  /** What was told last, so that what has not changed is not told again. */
  const told = new WeakMap<object, Map<ShowSection, string>>()

  async function tell(section: ShowSection, roomId: number): Promise<void> {
    const data = await read(section, roomId)
    live.tell(roomId, (room) => {
      const known = told.get(room) ?? new Map<ShowSection, string>()
      told.set(room, known)
      const text = JSON.stringify(data)
      if (known.get(section) === text) return
      known.set(section, text)
      room.tellDesk(section, data)
    })
  }
  async function run(key: string, section: ShowSection, roomId: number): Promise<void> {
    try {
      do {
        const state = running.get(key)
        if (state) state.again = false
        await tell(section, roomId)
      } while (running.get(key)?.again)
    } catch (error) {
      log.warn({ err: error, roomId, section }, 'a section of a desk could not be read')
    } finally {
      running.delete(key)
    }
  }
  return {
    changed(roomId, ...sections) {
      if (live.inMemory(roomId) === undefined) return
      for (const section of sections) {
        const key = `${roomId}:${section}`
        const state = running.get(key)
        if (state) {
          state.again = true
          continue
        }
        // In the map before the read begins, because a read that fails at once leaves the map again.
        const entry = { again: false, done: Promise.resolve() }
        running.set(key, entry)
        entry.done = run(key, section, roomId)
      }
    },
    async settled() {
      while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done))
    },
  }
}
