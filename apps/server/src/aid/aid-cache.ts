import type { Clock } from '../platform/clock.ts'
import type { AidListRead } from './read-aid.ts'

/** A crowd shares one answer; figures on the aid page may be this old. */
const FRESH_MS = 2_000

/** Keeps the list for two seconds, so that it costs the same for one visitor and for ten thousand. A failure is not kept. */
export function createAidCache(clock: Clock, read: () => Promise<AidListRead>): () => Promise<AidListRead> {
  let kept: { atMs: number; list: Promise<AidListRead> } | null = null
  return () => {
    const nowMs = clock.now().getTime()
    if (kept && nowMs - kept.atMs >= 0 && nowMs - kept.atMs < FRESH_MS) return kept.list
    const mine = { atMs: nowMs, list: read() }
    kept = mine
    mine.list.catch(() => {
      if (kept === mine) kept = null
    })
    return mine.list
  }
}
