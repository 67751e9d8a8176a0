import type { DeskWarning, DeskWarningCode, RoomStatus, ShelfEntry } from '@chunbo/contract'

/** Packs in stock from which on the host should know. */
export const STOCK_LOW = 20
/** On air with nothing explained for this long. */
export const NO_PIN_MS = 3 * 60_000
export const QUESTIONS_MANY = 5
/** So many people who complain within ten minutes are no chance: a batch may be bad, or a parcel lost. */
export const COMPLAINTS_MANY = 5
/** Below these a stream is hard to watch; above a gap between key frames every viewer waits long for the first picture. */
const FPS_MIN = 12
const KBPS_MIN = 300
const KEY_FRAME_MS_MAX = 4_000

/** What a room is judged by. `unpinnedSinceMs`: since when it is on air with nothing explained; null when something is, or it is not on air. */
export interface RoomFacts {
  readonly status: RoomStatus
  readonly shelf: readonly Pick<ShelfEntry, 'shopId' | 'skuId' | 'stock'>[]
  readonly unpinnedSinceMs: number | null
  readonly questions: number
  /** People who complained lately. */
  readonly complaints: number
  readonly stream: {
    readonly connected: boolean
    readonly fps: number
    readonly bitrateKbps: number
    readonly keyFrameIntervalMs: number
  } | null
  readonly nowMs: number
}

type Finding = Omit<DeskWarning, 'sinceMs'> & { readonly sinceMs?: number }

function judgeStream({ status, stream }: RoomFacts): Finding[] {
  if (status === 'paused' || (status === 'live' && !stream?.connected)) return [{ code: 'stream_away' }]
  if (!stream?.connected) return []
  const found: Finding[] = []
  // In its first seconds a stream has no figures yet.
  if (stream.fps > 0 && stream.fps < FPS_MIN) found.push({ code: 'stream_slow', value: Math.round(stream.fps) })
  if (stream.bitrateKbps > 0 && stream.bitrateKbps < KBPS_MIN)
    found.push({ code: 'stream_thin', value: Math.round(stream.bitrateKbps) })
  if (stream.keyFrameIntervalMs > KEY_FRAME_MS_MAX)
    found.push({ code: 'stream_long_gop', value: stream.keyFrameIntervalMs })
  return found
}

/** What the people of a desk should know of just now, in the order of the codes. */
export function judgeRoom(facts: RoomFacts): Finding[] {
  const { status, shelf, unpinnedSinceMs, questions, complaints, nowMs } = facts
  if (status === 'ended') return []
  const low = shelf.flatMap(({ shopId, skuId, stock }): Finding[] => {
    if (stock > STOCK_LOW) return []
    return [{ code: stock === 0 ? 'sold_out' : 'stock_low', value: stock, shopId, skuId }]
  })
  return [
    ...low,
    ...(unpinnedSinceMs !== null && nowMs - unpinnedSinceMs >= NO_PIN_MS
      ? [{ code: 'no_pin' as const, sinceMs: unpinnedSinceMs }]
      : []),
    ...(questions >= QUESTIONS_MANY ? [{ code: 'questions' as const, value: questions }] : []),
    ...(complaints >= COMPLAINTS_MANY ? [{ code: 'complaints' as const, value: complaints }] : []),
    ...judgeStream(facts),
  ]
}

/** Knows since when each warning of each room holds, as this process has seen it. */
export interface WarningBook {
  /** The findings with their beginnings; what is not among them any more is forgotten. */
  date(roomId: number, findings: readonly Finding[], nowMs: number): DeskWarning[]
}

export function createWarningBook(): WarningBook {
  const rooms = new Map<number, Map<string, number>>()
  return {
    date(roomId, findings, nowMs) {
      const known = rooms.get(roomId)
      const next = new Map<string, number>()
      const dated = findings.map((finding): DeskWarning => {
        const key = `${finding.code satisfies DeskWarningCode}:${finding.skuId ?? ''}`
        const sinceMs = finding.sinceMs ?? known?.get(key) ?? nowMs
        next.set(key, sinceMs)
        return { ...finding, sinceMs }
      })
      if (next.size === 0) rooms.delete(roomId)
      else rooms.set(roomId, next)
      return dated
    },
  }
}
