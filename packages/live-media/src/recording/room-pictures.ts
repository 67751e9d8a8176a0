import type { LiveHub } from '../live-hub.ts'
import type { MediaStorage } from './media-storage.ts'
import type { PictureMaker } from './picture-maker.ts'
import type { RecordedMedia } from './recorded-media.ts'
import type { RecordedSegment } from './recording-index.ts'
import { makeStillMp4, type Still, takeStill } from './still-picture.ts'
import { chooseThumbs, thumbKey, thumbWidthPx } from './thumbnails.ts'

const posterWidthPx = 720
/** How long the poster of a room on air is shown. */
const livePosterMs = 10_000
/** A recording's own poster: hosts begin with a black picture or an empty chair. */
const openingMs = 20_000
/** Posters kept in memory, of about 50 kB. */
const postersMax = 400

export interface RoomPicturesOptions {
  hub: Pick<LiveHub, 'stream'>
  media: RecordedMedia
  storage: MediaStorage
  /** Null where the machine has no ffmpeg. */
  maker: PictureMaker | null
  now: () => number
}

/** Posters and thumbnails of rooms, made when somebody asks and not twice at the same time. */
export class RoomPictures {
  readonly #options: RoomPicturesOptions
  readonly #posters = new Map<string, { untilMs: number; picture: Promise<Buffer | null> }>()

  constructor(options: RoomPicturesOptions) {
    this.#options = options
  }

  /** JPEGs can be made here. */
  get able(): boolean {
    return this.#options.maker !== null
  }

  /** The poster as a JPEG: of the newest key frame on air, or of a moment of the recording. Null when there is none. */
  async poster(roomId: number, atMs: number | null): Promise<Buffer | null> {
    const { maker, now } = this.#options
    if (!maker) return null
    if (atMs === null && this.#isLive(roomId)) {
      return this.#once(`${roomId}`, now() + livePosterMs, async () => jpegOf(maker, this.#liveStill(roomId)))
    }
    const moment = await this.#momentOf(roomId, atMs)
    if (!moment) return null
    const { segment, offsetMs } = moment
    return this.#once(`${roomId}/${segment.seq}.${offsetMs}`, Number.POSITIVE_INFINITY, async () =>
      jpegOf(maker, await this.#recordedStill(roomId, segment, offsetMs)),
    )
  }

  /** The same key frame as a fragmented MP4 of one sample. */
  async posterMp4(roomId: number, atMs: number | null): Promise<Buffer | null> {
    const moment = atMs === null && this.#isLive(roomId) ? null : await this.#momentOf(roomId, atMs)
    const still = moment ? await this.#recordedStill(roomId, moment.segment, moment.offsetMs) : this.#liveStill(roomId)
    return still && makeStillMp4([still])
  }

  /** The thumbnail of a segment that has one; it is made and stored when it is not there. */
  async thumb(roomId: number, seq: number): Promise<Buffer | null> {
    const { storage, maker, media } = this.#options
    const stored = await storage.read(thumbKey(roomId, seq))
    if (stored || !maker) return stored
    const segment = chooseThumbs(await media.index(roomId)).find((line) => line.seq === seq)
    if (!segment) return null
    return this.#once(`${roomId}/thumb-${seq}`, 0, async () => {
      const still = await this.#recordedStill(roomId, segment, 0)
      const [picture] = (still && (await maker.make([still], thumbWidthPx))) ?? []
      // A full disk keeps nobody from seeing it.
      if (picture) await storage.put(thumbKey(roomId, seq), picture).catch(() => {})
      return picture ?? null
    })
  }

  #isLive(roomId: number): boolean {
    const stream = this.#options.hub.stream(roomId)
    return stream?.watchable === true && !stream.ended
  }

  #liveStill(roomId: number): Still | null {
    const key = this.#options.hub.stream(roomId)?.newestKey()
    return key ? takeStill(key.init, key.bytes, 0) : null
  }

  async #momentOf(roomId: number, atMs: number | null): Promise<{ segment: RecordedSegment; offsetMs: number } | null> {
    const segments = await this.#options.media.index(roomId)
    const first = segments[0]
    if (!first) return null
    const moment = atMs ?? first.startMs + openingMs
    const at = segments.findIndex(({ startMs, durationMs }) => startMs + durationMs > moment)
    // Behind the end, as with a show shorter than the opening, the last one stands for it.
    const index = at < 0 ? segments.length - 1 : at
    const segment = segments[index]
    if (!segment) return null
    const cuts = await this.#options.media.cuts(roomId, segment)
    const key = cuts?.keysMs.findLast((keyMs) => segment.startMs + keyMs <= moment) ?? cuts?.keysMs[0]
    return key === undefined ? null : { segment, offsetMs: Math.round(key) }
  }

  async #recordedStill(roomId: number, segment: RecordedSegment, offsetMs: number): Promise<Still | null> {
    const { media } = this.#options
    const [init, bytes] = await Promise.all([media.init(roomId, segment.init), media.bytes(roomId, segment)])
    return init && bytes && takeStill(init, bytes, offsetMs)
  }

  #once(name: string, untilMs: number, make: () => Promise<Buffer | null>): Promise<Buffer | null> {
    const known = this.#posters.get(name)
    if (known && known.untilMs > this.#options.now()) return known.picture
    const entry = { untilMs: Number.POSITIVE_INFINITY, picture: make() }
    this.#posters.delete(name)
    this.#posters.set(name, entry)
    const oldest = this.#posters.keys().next()
    if (this.#posters.size > postersMax && !oldest.done) this.#posters.delete(oldest.value)
    const settle = (picture: Buffer | null): void => {
      entry.untilMs = picture ? untilMs : 0
    }
    entry.picture.then(settle, () => settle(null))
    return entry.picture
  }
}

async function jpegOf(maker: PictureMaker, still: Still | null): Promise<Buffer | null> {
  return (still && (await maker.make([still], posterWidthPx)))?.[0] ?? null
}
