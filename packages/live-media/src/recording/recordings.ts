import { type ByteRange, parseByteRange, sendRange } from './byte-range.ts'
import { type ExportRefusal, planExport } from './export-plan.ts'
import { IndexCache } from './index-cache.ts'
import type { MediaStorage } from './media-storage.ts'
import { RecordedMedia } from './recorded-media.ts'
import type { RecordedSegment } from './recording-index.ts'
import { parseReplayRange } from './replay.ts'

/** Exports that are sent at the same time; each may last as long as its reader likes. */
const exportsMax = 4

export interface ExportRequest {
  roomId: number
  /** `from` and `to`, as of a replay. */
  query: URLSearchParams
  /** Headers `Range` and `If-Range`. */
  range?: string | undefined
  ifRange?: string | undefined
}

export type ExportResult =
  | { kind: 'file'; status: 200 | 206; headers: Record<string, string>; body: AsyncGenerator<Buffer, void, undefined> }
  | { kind: 'unsatisfiable'; totalBytes: number }
  | { kind: 'bad_range' | 'busy' }
  | ExportRefusal

/** What has been recorded, for who shows it, exports it or takes it down. */
export interface Recordings {
  /** All segments of a room, in the order in which a replay plays them. */
  segments(roomId: number): Promise<readonly RecordedSegment[]>
  /** A recording or a piece of it as an MP4 file, without re-encoding; see planExport. */
  exportMp4(request: ExportRequest): Promise<ExportResult>
}

export function createRecordings(storage: Pick<MediaStorage, 'read'>, now = Date.now): Recordings {
  const media = new RecordedMedia(storage, new IndexCache(storage, now))
  let sending = 0

  async function* send(
    sizes: readonly number[],
    load: (index: number) => Promise<Buffer>,
    range: ByteRange,
  ): AsyncGenerator<Buffer, void, undefined> {
    sending++
    try {
      yield* sendRange(sizes, load, range)
    } finally {
      sending--
    }
  }

  async function exportMp4({ roomId, query, ...headers }: ExportRequest): Promise<ExportResult> {
    const range = parseReplayRange(query)
    if (!range) return { kind: 'bad_range' }
    if (sending >= exportsMax) return { kind: 'busy' }
    const answer = await planExport(media, roomId, range)
    if (answer.kind !== 'plan') return answer
    const { totalBytes, etag, sizes, load } = answer.plan
    const tag = `"${etag}"`
    // A range of another version of the file must not be put together with this one.
    const isSame = headers.ifRange === undefined || headers.ifRange === tag
    const asked = isSame ? parseByteRange(headers.range, totalBytes) : null
    if (asked === 'unsatisfiable') return { kind: 'unsatisfiable', totalBytes }
    const bytes = asked ?? { start: 0, end: totalBytes - 1 }
    const name = range.fromMs === null ? `room-${roomId}` : `room-${roomId}-${range.fromMs}`
    return {
      kind: 'file',
      status: asked ? 206 : 200,
      headers: {
        'content-type': 'video/mp4',
        'content-length': String(bytes.end + 1 - bytes.start),
        'content-disposition': `attachment; filename="${name}.mp4"`,
        'accept-ranges': 'bytes',
        'cache-control': 'private, no-store',
        etag: tag,
        ...(asked ? { 'content-range': `bytes ${bytes.start}-${bytes.end}/${totalBytes}` } : {}),
      },
      body: send(sizes, load, bytes),
    }
  }

  return { segments: (roomId) => media.index(roomId), exportMp4 }
}
