import { createHash } from 'node:crypto'
import { box, fullBox, readBoxes, u16, u32, zeros } from '../mux/mp4-boxes.ts'
import { type Mp4Track, moveSegment, readTracks } from '../mux/mp4-samples.ts'
import { findCuts } from './cut-segment.ts'
import type { RecordedMedia } from './recorded-media.ts'
import type { ReplayRange } from './replay.ts'
import { choosePieces, type ReplayPiece } from './replay-piece.ts'

/** Where time was left out, the file's clock steps on by this much more, so that sound of before cannot overlap sound of after. */
const joinMs = 100
/** A segment index counts its entries in 16 bits: 36 hours. */
const piecesMax = 65_535
/** Fragments are numbered so far apart, more than a segment has chunks. */
const fragmentsPerPiece = 1_000

/** A recording, or a piece of it, as one fragmented MP4: how long it is and how each of its bytes is made. */
export interface ExportPlan {
  totalBytes: number
  durationMs: number
  /** Stands for the bytes: the same plan has the same, a recording that has grown another. */
  etag: string
  /** Byte lengths of the head and of every piece, in order. */
  sizes: readonly number[]
  /** Makes the head (0) or a piece. @throws when the storage fails or has lost it */
  load(index: number): Promise<Buffer>
}

/**
 * `empty`: nothing was recorded there. `tracks_changed`: the picture's size or the sound changes on the way, which one file
 * without re-encoding cannot hold; `spans` are the pieces that can be exported by themselves. `too_long`: more than a file holds.
 */
export type ExportRefusal =
  | { kind: 'empty' | 'too_long' }
  | { kind: 'tracks_changed'; spans: { fromMs: number; toMs: number }[] }

interface PlacedPiece extends ReplayPiece {
  bytes: number
  /** Where it begins in the file. */
  atMs: number
}

export type ExportAnswer = { kind: 'plan'; plan: ExportPlan } | ExportRefusal

/**
 * Plans an export. Sizes are known from the index, so that the length can be told and any range of bytes can be made without
 * the bytes before it; only the first and last segment, which are cut, are read for that. Nothing is re-encoded.
 */
export async function planExport(media: RecordedMedia, roomId: number, range: ReplayRange): Promise<ExportAnswer> {
  const pieces = (await choosePieces(media, roomId, range)).map(cutFirst)
  const first = pieces[0]
  if (!first) return { kind: 'empty' }
  if (pieces.length > piecesMax) return { kind: 'too_long' }
  const spans = spansOf(pieces)
  if (spans.length > 1) return { kind: 'tracks_changed', spans }
  const init = await media.init(roomId, first.segment.init)
  if (!init) return { kind: 'empty' }
  const placed = await placePieces(media, roomId, pieces)
  if (placed.length === 0) return { kind: 'empty' }
  const last = placed.at(-1)
  const durationMs = last ? last.atMs + last.durationMs : 0
  const tracks = readTracks(init)
  const head = makeHead(init, tracks, placed, durationMs)
  const sizes = [head.length, ...placed.map(({ bytes }) => bytes)]
  return {
    kind: 'plan',
    plan: {
      totalBytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
      durationMs,
      etag: createHash('sha256').update(head).update(JSON.stringify(range)).digest('hex').slice(0, 32),
      sizes,
      async load(index) {
        const piece = placed[index - 1]
        return piece ? makePiece(media, roomId, tracks, piece, index - 1) : head
      },
    },
  }
}

/** The first piece is always cut, if only at its own beginning: sound from before the first picture has no place in a file. */
function cutFirst(piece: ReplayPiece, index: number): ReplayPiece {
  return index === 0 && !piece.cut ? { ...piece, cut: { fromMs: 0, toMs: piece.durationMs } } : piece
}

function spansOf(pieces: readonly ReplayPiece[]): { fromMs: number; toMs: number }[] {
  const spans: { fromMs: number; toMs: number; init: string }[] = []
  for (const { segment, startMs, durationMs } of pieces) {
    const open = spans.at(-1)
    if (open?.init === segment.init) open.toMs = startMs + durationMs
    else spans.push({ fromMs: startMs, toMs: startMs + durationMs, init: segment.init })
  }
  return spans.map(({ fromMs, toMs }) => ({ fromMs, toMs }))
}

async function placePieces(
  media: RecordedMedia,
  roomId: number,
  pieces: readonly ReplayPiece[],
): Promise<PlacedPiece[]> {
  const placed: PlacedPiece[] = []
  let atMs = 0
  for (const piece of pieces) {
    const { segment, cut } = piece
    const bytes = cut ? (await media.cut(roomId, segment, cut.fromMs, cut.toMs))?.length : segment.bytes
    if (bytes === undefined) continue
    if (placed.length > 0 && segment.discontinuity) atMs += joinMs
    placed.push({ ...piece, bytes, atMs })
    atMs += piece.durationMs
  }
  return placed
}

async function makePiece(
  media: RecordedMedia,
  roomId: number,
  tracks: readonly Mp4Track[],
  piece: PlacedPiece,
  index: number,
): Promise<Buffer> {
  const { segment, cut, atMs, bytes } = piece
  const whole = cut ? await media.cut(roomId, segment, cut.fromMs, cut.toMs) : await media.bytes(roomId, segment)
  if (whole?.length !== bytes) throw new Error(`segment ${segment.seq} of room ${roomId} is not whole`)
  const { firstMs } = findCuts(whole, tracks)
  return moveSegment(whole, tracks, atMs - firstMs, index * fragmentsPerPiece + 1)
}

/** ftyp, moov with the whole length in it, and an index of the pieces, by which players seek without reading all. */
function makeHead(
  init: Buffer,
  tracks: readonly Mp4Track[],
  pieces: readonly PlacedPiece[],
  durationMs: number,
): Buffer {
  const lead = tracks.find((track) => track.video) ?? tracks[0]
  const boxes = readBoxes(init).map(({ type, payload }) =>
    box(type, ...(type === 'moov' ? [withLength(payload, durationMs)] : [payload])),
  )
  return Buffer.concat(lead ? [...boxes, makeIndex(pieces, lead)] : boxes)
}

function withLength(moov: Buffer, durationMs: number): Buffer {
  return Buffer.concat(
    readBoxes(moov).map(({ type, payload }) =>
      // The movie's clock ticks once a millisecond; see makeInitSegment.
      type === 'mvex' ? box('mvex', fullBox('mehd', 0, 0, u32(durationMs)), payload) : box(type, payload),
    ),
  )
}

/** In ticks of the track by which pieces are cut: ffmpeg takes the clock of the index for that of its track. */
function makeIndex(pieces: readonly PlacedPiece[], { id, ticksPerSecond }: Mp4Track): Buffer {
  const begins = 0x90000000
  const entries = pieces.map(({ bytes, atMs, durationMs }, index) => {
    const lengthMs = (pieces[index + 1]?.atMs ?? atMs + durationMs) - atMs
    return Buffer.concat([u32(bytes), u32(Math.round((lengthMs * ticksPerSecond) / 1000)), u32(begins)])
  })
  return fullBox('sidx', 0, 0, u32(id), u32(ticksPerSecond), zeros(8), u16(0), u16(pieces.length), ...entries)
}
