import type { ChatLine } from '@chunbo/contract'
import { addPoints, type Deed } from './add-points.ts'
import type { AudienceContext } from './context.ts'

/** One line a minute of a viewer counts, so that a flood brings no more than talk does. */
const GAP_MS = 60_000
/** Lines and viewers that are remembered; more than a full room says between two flushes. */
const WAITING_MAX = 20_000

/** Notes what viewers say and counts it now and then. */
export interface CommentCount {
  said(roomId: number, line: ChatLine, userId: number): void
  flush(): Promise<void>
}

export function createCommentCount(context: AudienceContext): CommentCount {
  const { live, fans } = context
  const lastMs = new Map<string, number>()
  let waiting: { roomId: number; userId: number; line: ChatLine }[] = []
  return {
    said(roomId, line, userId) {
      if (line.from === 'host' || live.inMemory(roomId)?.view.room.status !== 'live') return
      const key = `${userId}:${roomId}`
      if (line.atMs - (lastMs.get(key) ?? 0) < GAP_MS || waiting.length >= WAITING_MAX) return
      if (lastMs.size >= WAITING_MAX) lastMs.clear()
      lastMs.set(key, line.atMs)
      waiting.push({ roomId, userId, line })
    },
    async flush() {
      const batch = waiting
      waiting = []
      const deeds: Deed[] = []
      for (const { roomId, userId, line } of batch) {
        if (await live.isPractice(roomId)) continue
        const countyCode = await live.countyOf(roomId)
        if (fans.peek(userId, countyCode)?.may.follow !== false)
          deeds.push({ userId, countyCode, kind: 'comment', ref: line.id, units: 1 })
      }
      await addPoints(context, deeds)
    },
  }
}
