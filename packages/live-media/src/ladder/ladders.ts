import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { defaultStreamLimits, type StreamLimits } from '../limits.ts'
import type { LiveHub } from '../live-hub.ts'
import { LiveStream } from '../live-stream.ts'
import { type MediaLog, silentLog } from '../media-log.ts'
import type { Chunk } from '../mux/chunker.ts'
import type { RenditionReport } from '../watch/playlist.ts'
import { type Rung, rungsFor } from './ladder-rungs.ts'
import { RenditionRun } from './rendition-run.ts'

export interface LadderLimits {
  /** Rooms that have renditions at the same time: each takes a third of a core for 720p, three quarters for 1080p. */
  ladders: number
  silentMs: number
  /** First and longest wait after an ffmpeg that ended by itself. */
  retryMs: number
  retryMsMax: number
  /** An ffmpeg that has run for this long was well; its end starts the waits anew. */
  wellMs: number
}

const defaultLimits: LadderLimits = {
  ladders: 1,
  silentMs: 5_000,
  retryMs: 1_000,
  retryMsMax: 60_000,
  wellMs: 60_000,
}

export interface LaddersOptions {
  hub: LiveHub
  /** Path of the program; see findFfmpeg. */
  ffmpeg: string
  limits?: Partial<LadderLimits>
  streamLimits?: Partial<StreamLimits>
  log?: MediaLog
  now?: () => number
}

/** Smaller renditions of live streams, made by ffmpeg while it runs. The streams themselves know nothing of them. */
export interface Ladders {
  /** Renditions of a room that are there now, by the name of their rung. */
  of(roomId: number): ReadonlyMap<string, LiveStream>
  /** Ends every ffmpeg. */
  close(): void
}

interface Rendered {
  /** Null while ffmpeg is not running. */
  run: RenditionRun | null
  streams: ReadonlyMap<string, LiveStream>
  failures: number
  retryAtMs: number
  stopListening: () => void
}

/** Ends that are no fault of ffmpeg's. */
const publishEnded = 'publish ended'
const sourceChanged = 'the source has changed'
const none: ReadonlyMap<string, LiveStream> = new Map()

/** The ffmpeg in PATH, or null. */
export function findFfmpeg(path = process.env.PATH ?? ''): string | null {
  const files = path.split(delimiter).flatMap((folder) => (folder === '' ? [] : [join(folder, 'ffmpeg')]))
  return (
    files.find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    }) ?? null
  )
}

export function createLadders(options: LaddersOptions): Ladders {
  return new AllLadders(options)
}

class AllLadders implements Ladders {
  readonly #hub: LiveHub
  readonly #options: LaddersOptions
  readonly #limits: LadderLimits
  readonly #streamLimits: StreamLimits
  readonly #log: MediaLog
  readonly #rooms = new Map<number, Rendered>()

  constructor(options: LaddersOptions) {
    this.#options = options
    this.#hub = options.hub
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#streamLimits = { ...defaultStreamLimits, ...options.streamLimits }
    this.#log = options.log ?? silentLog
    this.#hub.events.on('publish.started', ({ roomId }) => this.#listen(roomId))
    this.#hub.events.on('publish.ended', ({ roomId }) => this.#rooms.get(roomId)?.run?.stop(publishEnded))
    this.#hub.events.on('stream.ended', ({ roomId }) => this.#finish(roomId))
  }

  of(roomId: number): ReadonlyMap<string, LiveStream> {
    return this.#rooms.get(roomId)?.streams ?? none
  }

  close(): void {
    for (const room of this.#rooms.values()) {
      room.stopListening()
      room.run?.stop(publishEnded)
    }
    this.#rooms.clear()
  }

  #listen(roomId: number): void {
    const stream = this.#hub.stream(roomId)
    if (!stream) return
    this.#rooms.get(roomId)?.stopListening()
    const known = this.#rooms.get(roomId)
    const { stop } = stream.onChunk((chunk) => this.#take(roomId, stream, chunk))
    if (known) known.stopListening = stop
    else this.#rooms.set(roomId, { run: null, streams: none, failures: 0, retryAtMs: 0, stopListening: stop })
    stream.reportOn(() => reportsOf(this.of(roomId), null))
  }

  #take(roomId: number, source: LiveStream, chunk: Chunk): void {
    const room = this.#rooms.get(roomId)
    if (!room) return
    // Another picture or a gap: ffmpeg takes neither, so a new one begins with this chunk.
    if (room.run && (room.run.init !== chunk.init || chunk.discontinuity)) room.run.stop(sourceChanged)
    if (!room.run && chunk.key && chunk.startsSegment) this.#begin(roomId, room, source, chunk)
    room.run?.feed(chunk)
  }

  #begin(roomId: number, room: Rendered, source: LiveStream, chunk: Chunk): void {
    const running = [...this.#rooms.values()].filter(({ run }) => run !== null).length
    if (running >= this.#limits.ladders || performance.now() < room.retryAtMs) return
    const rungs = rungsFor(chunk.init)
    const edge = source.openSegment
    if (rungs.length === 0 || !edge) return
    const streams = new Map(rungs.map(({ name }) => [name, this.#openStream(roomId, chunk, edge)]))
    const sinks = [...streams.values()].map((stream) => stream.openIngest(() => {}))
    for (const [name, stream] of streams)
      stream.reportOn(() => [...reportsOf(this.of(roomId), name), ...reportOf('../live.m3u8', source)])
    const { ffmpeg } = this.#options
    const run = new RenditionRun({
      ffmpeg,
      init: chunk.init,
      startMs: chunk.startMs,
      rungs,
      sinks,
      silentMs: this.#limits.silentMs,
      onEnd: (reason) => this.#onEnd(roomId, run, reason),
    })
    room.run = run
    room.streams = streams
    this.#log.info({ roomId, rungs: rungs.map(({ name }: Rung) => name) }, 'renditions are being made')
  }

  /** A rendition counts its segments, discontinuities and time as the source does, so that players change over between them. */
  #openStream(roomId: number, chunk: Chunk, edge: NonNullable<LiveStream['openSegment']>): LiveStream {
    return new LiveStream({
      roomId,
      limits: this.#streamLimits,
      now: this.#options.now ?? Date.now,
      firstMsn: edge.msn,
      startMs: chunk.startMs,
      hasEarlierSegments: false,
      recordingState: () => null,
      firstDiscontinuity: edge.discontinuitySequence,
      wallAnchorMs: edge.wallMs - chunk.startMs,
      onSegment: () => {},
      onVideoArrived: () => {},
    })
  }

  #onEnd(roomId: number, run: RenditionRun, reason: string): void {
    const room = this.#rooms.get(roomId)
    if (!room || room.run !== run) return
    room.run = null
    // Viewers of a rendition wait for what follows as those of the source do.
    if (reason === publishEnded || reason === sourceChanged) return
    room.streams = none
    const { retryMs, retryMsMax, wellMs } = this.#limits
    room.failures = performance.now() - run.startedMs > wellMs ? 1 : room.failures + 1
    const waitMs = Math.min(retryMs * 2 ** (room.failures - 1), retryMsMax)
    room.retryAtMs = performance.now() + waitMs
    this.#log.warn({ roomId, reason, waitMs }, 'the renditions of a room are gone for a while')
  }

  /** The show is over: playlists end, and can be fetched for as long as those of the source. */
  #finish(roomId: number): void {
    const room = this.#rooms.get(roomId)
    if (!room) return
    room.stopListening()
    room.run?.stop(publishEnded)
    for (const stream of room.streams.values()) stream.finish()
    const forget = () => {
      if (this.#rooms.get(roomId) === room && this.#hub.stream(roomId)?.ended !== false) this.#rooms.delete(roomId)
    }
    setTimeout(forget, this.#streamLimits.lingerMs).unref()
  }
}

function reportsOf(streams: ReadonlyMap<string, LiveStream>, from: string | null): RenditionReport[] {
  const folder = from === null ? '' : '../'
  return [...streams].flatMap(([name, stream]) => (name === from ? [] : reportOf(`${folder}${name}/live.m3u8`, stream)))
}

function reportOf(uri: string, { edge }: LiveStream): RenditionReport[] {
  return edge === null ? [] : [{ uri, ...edge }]
}
