import { createHash } from 'node:crypto'

/**
 * Why something is missing before a segment: the publisher was away, the process began anew, or the segments in between
 * could not be stored because there was no room, the storage failed or it was too slow.
 */
export type GapReason = 'away' | 'restart' | 'full' | 'failing' | 'slow'

/** One recorded segment: a line of a room's index, written after its bytes are safe. */
export interface RecordedSegment {
  /** Rises within a room; gaps are allowed and left after a restart. */
  seq: number
  /** File name, relative to the room. */
  uri: string
  init: string
  /** Wall clock of the first frame. */
  startMs: number
  durationMs: number
  /** Does not follow on from the line before. */
  discontinuity: boolean
  bytes: number
  /** Only where something is missing before it: from the end of the segment before to `startMs`. */
  gap?: GapReason
  /** Only where it does not begin with a key frame: it was cut within a very long GOP. */
  key?: false
}

export const initNameShape = /^init-[0-9a-f]{16}\.mp4$/
export const segmentNameShape = /^seg-(\d{1,15})\.m4s$/

export function mediaKey(roomId: number, name: string): string {
  return `${roomId}/${name}`
}

/** Content-addressed name, so that a resumed show finds the init segment it wrote before. */
export function initNameOf(bytes: Buffer): string {
  return `init-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.mp4`
}

export function renderIndexLine(segment: RecordedSegment): Buffer {
  return Buffer.from(`${JSON.stringify(segment)}\n`)
}

/**
 * Reads an index. A line torn by a crash, or damaged otherwise, is skipped and counted; the segment after it is marked
 * as a discontinuity, because what it followed is missing.
 */
export function parseIndex(text: string): { segments: RecordedSegment[]; damagedLines: number; endsWhole: boolean } {
  const segments: RecordedSegment[] = []
  let damagedLines = 0
  let afterDamage = false
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const segment = parseLine(line)
    const last = segments.at(-1)
    if (!segment || (last && segment.seq <= last.seq)) {
      damagedLines++
      afterDamage = true
      continue
    }
    segments.push(afterDamage ? { ...segment, discontinuity: true } : segment)
    afterDamage = false
  }
  return { segments, damagedLines, endsWhole: text === '' || text.endsWith('\n') }
}

function parseLine(line: string): RecordedSegment | null {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { seq, uri, init, startMs, durationMs, discontinuity, bytes } = value as Partial<Record<string, unknown>>
  if (!isCount(seq) || !isCount(startMs) || !isCount(durationMs) || !isCount(bytes)) return null
  if (typeof uri !== 'string' || !segmentNameShape.test(uri)) return null
  if (typeof init !== 'string' || !initNameShape.test(init)) return null
  const { gap, key } = value as Partial<Record<string, unknown>>
  return {
    ...{ seq, uri, init, startMs, durationMs, discontinuity: discontinuity === true, bytes },
    ...(isGap(gap) ? { gap } : {}),
    ...(key === false ? { key } : {}),
  }
}

function isGap(value: unknown): value is GapReason {
  return ['away', 'restart', 'full', 'failing', 'slow'].includes(value as string)
}

/** Within what a Date can print, so that a damaged line cannot make a playlist throw. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 8.64e15
}
