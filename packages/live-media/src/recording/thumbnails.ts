import type { MediaLog } from '../media-log.ts'
import type { Segment } from '../mux/segment-window.ts'
import type { MediaStorage } from './media-storage.ts'
import type { PictureMaker } from './picture-maker.ts'
import { mediaKey, type RecordedSegment } from './recording-index.ts'
import { type Still, takeStill } from './still-picture.ts'

/** Wall clock from one thumbnail to the next, at least. */
export const thumbEveryMs = 10_000
export const thumbWidthPx = 240
/** Pictures made by one run of ffmpeg: starting it costs as much as decoding a handful of frames. */
const batch = 6
const roomsMax = 512

interface RoomThumbs {
  initName: string
  lastMs: number
  waiting: { seq: number; still: Still }[]
}

/** Which segments of a recording have a thumbnail: a rule of the index alone, so that it can be told before they are made. */
export function chooseThumbs(segments: readonly RecordedSegment[]): RecordedSegment[] {
  let lastMs = Number.NEGATIVE_INFINITY
  return segments.filter((segment) => {
    if (segment.key === false || segment.startMs - lastMs < thumbEveryMs) return false
    lastMs = segment.startMs
    return true
  })
}

export function thumbKey(roomId: number, seq: number): string {
  return mediaKey(roomId, `thumb-${seq}.jpg`)
}

/** Makes the thumbnails of shows while they are recorded. One that could not be made is made when somebody asks for it. */
export class Thumbnailer {
  readonly #maker: PictureMaker
  readonly #storage: MediaStorage
  readonly #log: MediaLog
  readonly #rooms = new Map<number, RoomThumbs>()
  #work: Promise<void> = Promise.resolve()

  constructor(maker: PictureMaker, storage: MediaStorage, log: MediaLog) {
    this.#maker = maker
    this.#storage = storage
    this.#log = log
  }

  /** Looks at a segment that was just recorded. Never throws and never waits. */
  offer(roomId: number, line: RecordedSegment, segment: Segment): void {
    const known = this.#rooms.get(roomId)
    if (line.key === false || !segment.bytes || line.startMs - (known?.lastMs ?? 0) < thumbEveryMs) return
    const still = takeStill(segment.init.bytes, segment.bytes, 0)
    if (!still) return
    if (known && (known.initName !== segment.init.name || known.waiting.length >= batch)) this.#make(roomId, known)
    const room = known ?? { initName: segment.init.name, lastMs: 0, waiting: [] }
    room.initName = segment.init.name
    room.lastMs = line.startMs
    // A copy: the slice would hold the whole segment in memory for a minute.
    room.waiting.push({ seq: line.seq, still: { ...still, data: Buffer.from(still.data) } })
    this.#rooms.delete(roomId)
    this.#rooms.set(roomId, room)
    const oldest = this.#rooms.keys().next()
    if (this.#rooms.size > roomsMax && !oldest.done) this.#rooms.delete(oldest.value)
  }

  /** A show is over: what waits is made now. */
  async finish(roomId: number): Promise<void> {
    const room = this.#rooms.get(roomId)
    this.#rooms.delete(roomId)
    if (room) this.#make(roomId, room)
    await this.#work
  }

  #make(roomId: number, room: RoomThumbs): void {
    const { waiting } = room
    room.waiting = []
    this.#work = this.#work
      .then(async () => {
        const stills = waiting.map(({ still }) => still)
        const pictures = await this.#maker.make(stills, thumbWidthPx)
        for (const [index, { seq }] of waiting.entries()) {
          const picture = pictures?.[index]
          if (picture) await this.#storage.put(thumbKey(roomId, seq), picture)
        }
      })
      .catch((error: unknown) => this.#log.warn({ roomId, err: error }, 'thumbnails could not be stored'))
  }
}
