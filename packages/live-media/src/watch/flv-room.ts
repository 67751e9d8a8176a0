import type { ServerResponse } from 'node:http'
import type { Mp4Track } from '../browser/mp4-tracks.ts'
import type { ViewerLimits } from '../limits.ts'
import type { LiveStream } from '../live-stream.ts'
import type { Chunk } from '../mux/chunker.ts'
import type { InitSegment } from '../mux/mp4-init.ts'
import { flvConfig, flvHead, flvSamples, flvTracks } from './flv-mux.ts'
import { ReaderLag } from './reader-lag.ts'

interface Reader {
  readonly response: ServerResponse
  /** `new` has got nothing yet; `behind` gets nothing until it has read what it was given, and then goes on with a key frame. */
  state: 'new' | 'flowing' | 'behind'
  behindSinceMs: number
}

/** Everybody who reads one room as FLV. It is written once, while somebody reads. */
export class FlvRoom {
  readonly #limits: ViewerLimits
  readonly #lag: ReaderLag
  readonly #readers = new Set<Reader>()
  readonly #stop: () => void
  #init: InitSegment | null = null
  #tracks: readonly Mp4Track[] = []
  /** Tags since the last key frame; null while they were too many or there is none. */
  #sinceKey: Buffer[] | null = null
  #sinceKeyBytes = 0
  #startMs = 0

  constructor(stream: LiveStream, limits: ViewerLimits) {
    this.#limits = limits
    this.#lag = new ReaderLag(limits.lagMs)
    const { backlog, stop } = stream.onChunk((chunk) => this.#take(chunk))
    this.#stop = stop
    for (const chunk of backlog) this.#remember(chunk)
  }

  get size(): number {
    return this.#readers.size
  }

  join(response: ServerResponse): void {
    const reader: Reader = { response, state: 'new', behindSinceMs: 0 }
    this.#readers.add(reader)
    response.once('close', () => this.#readers.delete(reader))
    response.writeHead(200, { 'content-type': 'video/x-flv', 'cache-control': 'no-store' })
    response.flushHeaders()
    if (this.#init && this.#sinceKey) this.#begin(reader, this.#sinceKey)
  }

  /** Ends all answers. */
  end(): void {
    this.#stop()
    for (const { response } of this.#readers) response.end()
  }

  /** Follows the stream no more. */
  leave(): void {
    this.#stop()
  }

  /** Drops those that do not read. */
  sweep(nowMs: number): void {
    for (const { response, state, behindSinceMs } of this.#readers) {
      const isStuck = state === 'behind' && response.writableLength > 0 && nowMs - behindSinceMs > this.#limits.stallMs
      if (isStuck) response.destroy()
    }
  }

  #begin(reader: Reader, tags: readonly Buffer[]): void {
    const { response, state } = reader
    if (!this.#init) return
    // Who was behind has the head of the file already.
    if (state === 'new') response.write(flvHead(this.#init, this.#tracks))
    response.write(Buffer.concat([flvConfig(this.#tracks, this.#startMs), ...tags]))
    reader.state = 'flowing'
  }

  #take(chunk: Chunk): void {
    const before = this.#init
    this.#lag.add(chunk)
    const tags = this.#remember(chunk)
    const config = before !== chunk.init ? flvConfig(this.#tracks, chunk.startMs) : null
    for (const reader of this.#readers) {
      const { response, state } = reader
      if (state === 'flowing') {
        if (response.writableLength > this.#lag.bytes + this.#sinceKeyBytes) {
          reader.state = 'behind'
          reader.behindSinceMs = performance.now()
          continue
        }
        if (config) response.write(config)
        response.write(tags)
      } else if (chunk.key && response.writableLength === 0) this.#begin(reader, [tags])
    }
  }

  #remember(chunk: Chunk): Buffer {
    if (this.#init !== chunk.init) {
      this.#init = chunk.init
      this.#tracks = flvTracks(chunk.init)
    }
    const tags = flvSamples(chunk, this.#tracks)
    if (chunk.key) {
      this.#sinceKey = []
      this.#sinceKeyBytes = 0
      this.#startMs = chunk.startMs
    }
    this.#sinceKey?.push(tags)
    this.#sinceKeyBytes += tags.length
    if (this.#sinceKeyBytes > this.#limits.openingBytes) this.#sinceKey = null
    return tags
  }
}
