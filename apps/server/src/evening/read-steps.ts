import { EVENING_STEPS_MAX, type EveningStep } from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import type { Grid } from './room-lines.ts'

const MINUTE_MS = 60_000

/** The whole minutes of a show in at most EVENING_STEPS_MAX steps. */
export function gridOf(from: Date, until: Date): Grid {
  const startMs = Math.floor(from.getTime() / MINUTE_MS) * MINUTE_MS
  const minutes = Math.max(1, Math.ceil((until.getTime() - startMs) / MINUTE_MS))
  const stepMin = Math.ceil(minutes / EVENING_STEPS_MAX)
  return { startMs, stepMin, steps: Math.ceil(minutes / stepMin) }
}

interface StepRow {
  readonly n: number
  readonly watchedS: number
  readonly peak: number
  readonly entries: number
  readonly likes: number
  readonly chat: number
}

export interface Watched {
  readonly steps: readonly EveningStep[]
  readonly watchedS: number
  readonly peak: number
  readonly entries: number
  readonly chat: number
}

/**
 * The curve of a show: what was kept of its minutes, with the orders of each. Rows of one minute by several runs of the process are added;
 * hearts are counted through the show, so a step has what came since the one before.
 */
export async function readSteps(
  db: Queryable,
  roomId: number,
  onAir: { readonly from: Date; readonly until: Date },
  grid: Grid,
  orders: readonly { readonly n: number; readonly orders: number; readonly fen: number }[],
): Promise<Watched> {
  const rows = await db.query<StepRow>(
    `select floor(extract(epoch from minute - $2::timestamptz) / ($3::int * 60))::int as n, sum(watched_s)::int as "watchedS",
       max(viewers_max)::int as peak, sum(entries)::int as entries, max(likes) as likes, sum(chat)::int as chat
     from (select minute, sum(watched_s) as watched_s, max(viewers_max) as viewers_max, sum(entries) as entries, max(likes) as likes,
             max(chat) as chat
           from room_minutes where room_id = $1 group by minute) m
     where minute >= $2 group by 1 order by 1`,
    [roomId, new Date(grid.startMs), grid.stepMin],
    'evening-steps',
  )
  const kept = new Map(rows.map((row) => [row.n, row]))
  const sold = new Map(orders.map((row) => [row.n, row]))
  const stepMs = grid.stepMin * MINUTE_MS
  let likesSoFar = 0
  const steps = Array.from({ length: grid.steps }, (_, n): EveningStep => {
    const row = kept.get(n)
    const atMs = grid.startMs + n * stepMs
    // The first and the last step are only partly on air.
    const onAirMs = Math.min(atMs + stepMs, onAir.until.getTime()) - Math.max(atMs, onAir.from.getTime())
    const likes = Math.max(0, (row?.likes ?? 0) - likesSoFar)
    likesSoFar += likes
    return {
      at: new Date(atMs).toISOString(),
      viewers: row ? meanViewers(row, onAirMs) : 0,
      entries: row?.entries ?? 0,
      chat: row?.chat ?? 0,
      likes,
      orders: sold.get(n)?.orders ?? 0,
      fen: sold.get(n)?.fen ?? 0,
    }
  })
  return {
    steps,
    watchedS: rows.reduce((sum, row) => sum + row.watchedS, 0),
    peak: rows.reduce((most, row) => Math.max(most, row.peak), 0),
    entries: rows.reduce((sum, row) => sum + row.entries, 0),
    chat: rows.reduce((sum, row) => sum + row.chat, 0),
  }
}

/** To one place. A mean is never above the most that were seen, however short the piece of the step that was on air. */
function meanViewers({ watchedS, peak }: StepRow, onAirMs: number): number {
  const mean = watchedS / Math.max(1, onAirMs / 1000)
  return Math.round(Math.min(mean, peak) * 10) / 10
}
