import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  createRecordings,
  type PublishDenial,
  type PublishGrant,
  type Recordings,
  type StreamHealth,
  type ViewerCounts,
} from '@chunbo/live-media'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { storagePlaceOf } from '../platform/config.ts'
import { Counter, gaugeOf } from '../platform/metrics.ts'
import { Refusal } from '../platform/problem.ts'
import type { Platform } from '../platform/slice.ts'
import { refuseUpgrade } from '../platform/sockets.ts'
import { storageFolder } from '../platform/storage.ts'
import type { PublisherRefusal, RoomVideo, StreamFigures } from './context.ts'
import { createMediaChild, type Listening, type MediaChild } from './media-child.ts'
import { MediaPipe } from './media-pipe.ts'
import { Asker, type FromMedia, type Handed, type MediaSettings, type ServerQuestions } from './media-words.ts'
import { PAUSE_GRACE_MS, SILENCE_MAX_MS } from './room.ts'
import { roomOfKey } from './room-of-key.ts'
import type { RoomFactBook } from './room-team.ts'

/** What the slice is told of the video. */
export interface VideoListener {
  /** The first part of a publish can be watched. */
  videoArrived(roomId: number): Promise<void>
  /** A publisher has been away for longer than the grace. */
  videoAway(roomId: number): Promise<void>
}

/** The server's side of the media process, in which RTMP, HLS and recordings of all rooms are. */
export interface MediaIngest extends RoomVideo {
  /** Answers a request under /media/ that may be answered. @throws Refusal when there is no video just now */
  answer(request: FastifyRequest, reply: FastifyReply, headers: Readonly<Record<string, string>>): Promise<FastifyReply>
  /** Gives an upgraded connection, which may be had, to the media process; refuses it when that cannot take it now. */
  handOver(handed: Handed, request: IncomingMessage, socket: Duplex, head: Buffer): void
  publishingRooms(): number[]
  readonly recordings: Recordings
  /** Treats a room as if its publisher had just gone: for rooms that were live when the process before ended. */
  expect(roomId: number): void
  /** Starts the media process. @throws with `code` EADDRINUSE and `port` when one of its ports is taken */
  start(): Promise<{ port: number }>
  close(): Promise<void>
}

/** A recording is settled within this time, or the host need not wait for it. */
const END_MS = 5_000
const REFUSALS_MAX = 1_000

function figuresOf(health: StreamHealth | undefined): StreamFigures | null {
  if (!health || health.state === 'ended') return null
  return {
    connected: health.state === 'publishing',
    bitrateKbps: Math.round(health.bitsPerSecond / 1000),
    fps: health.framesPerSecond,
    keyFrameIntervalMs: Math.round(health.keyFrameMs ?? 0),
    width: health.widthPx ?? 0,
    height: health.heightPx ?? 0,
    recording: health.recording,
    health: {
      videoCodec: health.videoCodec,
      audioCodec: health.audioCodec,
      encoder: health.encoder,
      droppedFrames: health.droppedFrames,
      skippedFrames: health.skippedFrames,
      silenceMs: health.silenceMs,
      clockJumps: health.clockJumps,
      warnings: health.warnings,
    },
  }
}

/** Address of the RTMP server as people put it into OBS: the site's own host. */
function ingestUrlOf(publicUrl: string, port: number): string {
  return `rtmp://${new URL(publicUrl).hostname}${port === 1935 ? '' : `:${port}`}/live`
}

export interface MediaIngestOptions {
  readonly platform: Platform
  readonly facts: RoomFactBook
  readonly listener: VideoListener
  readonly streamKeySecret: Buffer
  /** How long a publisher may be away before its room is paused. */
  readonly graceMs?: number | undefined
  /** The media process, if it was forked already. */
  readonly forked?: ChildProcess | undefined
}

export function createMediaIngest(options: MediaIngestOptions): MediaIngest {
  return new Ingest(options)
}

class Ingest implements MediaIngest {
  readonly #platform: Platform
  readonly #facts: RoomFactBook
  readonly #listener: VideoListener
  readonly #streamKeySecret: Buffer
  readonly #graceMs: number
  readonly #child: MediaChild
  readonly #asker: Asker<ServerQuestions>
  readonly #pipe = new MediaPipe()
  readonly #secret = randomBytes(32).toString('base64url')
  readonly #restarts: Counter
  readonly #lostSegments: Counter
  readonly recordings: Recordings
  /** As the media process told last: at every change, and every second. */
  #streams = new Map<number, StreamHealth>()
  /** Why the last publisher of a room was sent away, until one is let in. */
  readonly #refusals = new Map<number, PublisherRefusal>()
  readonly #away = new Map<number, NodeJS.Timeout>()
  #viewers: ViewerCounts = { viewers: 0, skipped: 0, stalled: 0 }
  #listening: Listening | null = null
  /** What was bound first: publishers find it again after a restart. */
  #rtmpPort: number
  #started = false
  #closing = false

  constructor({ platform, facts, listener, streamKeySecret, graceMs = PAUSE_GRACE_MS, forked }: MediaIngestOptions) {
    this.#platform = platform
    this.#facts = facts
    this.#listener = listener
    this.#streamKeySecret = streamKeySecret
    this.#graceMs = graceMs
    this.#rtmpPort = platform.config.rtmpPort
    this.recordings = createRecordings(storageFolder(platform.storage, 'recordings'))
    this.#restarts = new Counter({
      name: 'chunbo_media_restarts_total',
      help: 'How often the media process ended and was started again',
      registers: [platform.metrics],
    })
    this.#measure()
    this.#lostSegments = new Counter({
      name: 'chunbo_recording_lost_segments_total',
      help: 'Segments of 2 s that could not be recorded',
      registers: [platform.metrics],
    })
    this.#child = createMediaChild({
      settings: () => this.#settings(),
      forked,
      log: platform.log,
      onListening: (listening) => {
        this.#listening = listening
        this.#rtmpPort = listening.rtmpPort
      },
      onWord: (word) => this.#hear(word),
      onGone: () => this.#gone(),
    })
    this.#asker = new Asker((word) => this.#child.send(word))
  }

  get ingestUrl(): string {
    return ingestUrlOf(this.#platform.config.publicUrl, this.#rtmpPort)
  }

  isPublishing(roomId: number): boolean {
    return this.#streams.get(roomId)?.state === 'publishing'
  }

  publishingRooms(): number[] {
    return [...this.#streams.keys()].filter((roomId) => this.isPublishing(roomId))
  }

  figures(roomId: number): StreamFigures | null {
    return figuresOf(this.#streams.get(roomId))
  }

  lastRefusal(roomId: number): PublisherRefusal | null {
    return this.#refusals.get(roomId) ?? null
  }

  async end(roomId: number, reason: string): Promise<void> {
    // A media process that is not there publishes nothing, and the next one lets nobody into an ended room.
    if (!this.#listening) return
    await this.#asker
      .ask('end', { roomId, reason }, END_MS)
      .catch((error: unknown) => this.#platform.log.warn({ err: error, roomId }, 'a stream may not be settled yet'))
  }

  async hasRecording(roomId: number): Promise<boolean> {
    return ((await this.#platform.storage.size(`recordings/${roomId}/index.ndjson`)) ?? 0) > 0
  }

  recorded(roomId: number) {
    return this.recordings.segments(roomId)
  }

  async answer(request: FastifyRequest, reply: FastifyReply, headers: Readonly<Record<string, string>>) {
    if (!this.#started) throw new Refusal('request.not_found')
    if (!this.#listening) throw new Refusal('live.video_away', {}, { retryAfterS: 1 })
    return this.#pipe.answer({ port: this.#listening.httpPort, secret: this.#secret }, request, reply, headers)
  }

  handOver(handed: Handed, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#listening && this.#child.handOver(handed, request, socket, head)) return
    refuseUpgrade(socket, 503, 'Service Unavailable', { 'retry-after': '1' })
  }

  expect(roomId: number): void {
    clearTimeout(this.#away.get(roomId))
    const timer = setTimeout(() => {
      this.#away.delete(roomId)
      if (!this.#closing && !this.isPublishing(roomId)) this.#tell(this.#listener.videoAway(roomId), roomId)
    }, this.#graceMs)
    this.#away.set(roomId, timer.unref())
  }

  async start(): Promise<{ port: number }> {
    await this.#child.start()
    this.#started = true
    return { port: this.#rtmpPort }
  }

  async close(): Promise<void> {
    this.#closing = true
    for (const timer of this.#away.values()) clearTimeout(timer)
    await this.#child.close()
    this.#pipe.close()
  }

  #measure(): void {
    const gauge = (name: string, help: string, read: keyof ViewerCounts) =>
      gaugeOf(this.#platform.metrics, name, help, () => this.#viewers[read])
    gauge('chunbo_video_sockets', 'Viewers who watch over a socket', 'viewers')
    gauge(
      'chunbo_video_sockets_skipped',
      'Slow viewers that were skipped ahead since the media process began',
      'skipped',
    )
    gauge('chunbo_video_sockets_stalled', 'Viewers that read nothing and were closed since then', 'stalled')
  }

  #settings(): MediaSettings {
    const { config, log } = this.#platform
    const { streamsMax, kbpsMax, longPx, shortPx, showHoursMax } = config.ingest
    return {
      rtmpPort: this.#rtmpPort,
      mediaPort: config.mediaPort,
      publicUrl: config.publicUrl,
      trustProxy: config.trustProxy,
      storage: storagePlaceOf(config),
      freeBytesMin: config.recordingFreeMb * 1_048_576,
      limits: {
        // A publisher may come back as long as the room is open: viewers then go on without a reload.
        resumeMs: SILENCE_MAX_MS,
        streams: streamsMax,
        ingestBitsPerSecond: kbpsMax * 1_000,
        pictureLongPx: longPx,
        pictureShortPx: shortPx,
        showMs: showHoursMax * 3_600_000,
      },
      ladders: config.ladders,
      streamKeySecret: this.#streamKeySecret.toString('base64'),
      secret: this.#secret,
      logLevel: log.level,
    }
  }

  #hear(word: FromMedia): void {
    switch (word.kind) {
      case 'pulse':
        this.#streams = new Map(word.streams.map((health) => [health.roomId, health]))
        this.#viewers = word.viewers
        return
      case 'event':
        this.#heed(word)
        return
      case 'answer':
        this.#asker.settle(word)
        return
      case 'ask':
        this.#answer(word).then(
          (answer) => this.#child.send({ kind: 'answer', id: word.id, answer }),
          (error: unknown) => {
            this.#platform.log.warn({ err: error }, 'the media process could not be answered')
            this.#child.send({ kind: 'answer', id: word.id })
          },
        )
    }
  }

  #answer(word: Extract<FromMedia, { kind: 'ask' }>): Promise<PublishGrant | PublishDenial | null | boolean> {
    if (word.name === 'authorise') return roomOfKey(this.#platform, word.ask.streamKey)
    return this.#facts.of(word.ask.roomId).then(
      ({ practice }) => !practice,
      (error: unknown) => {
        if (error instanceof Refusal) return false
        throw error
      },
    )
  }

  #heed({ name, roomId, health, refusal }: Extract<FromMedia, { kind: 'event' }>): void {
    if (name === 'recording.failed') this.#lostSegments.inc()
    if (health) this.#streams.set(roomId, health)
    if (name === 'publish.started') this.#refusals.delete(roomId)
    if (name === 'publish.refused' && refusal) this.#keepRefusal(roomId, refusal)
    if (name === 'video.arrived') {
      clearTimeout(this.#away.get(roomId))
      this.#away.delete(roomId)
      this.#tell(this.#listener.videoArrived(roomId), roomId)
    }
    if (name === 'publish.ended' && !this.#closing) this.expect(roomId)
  }

  #keepRefusal(roomId: number, refusal: PublisherRefusal): void {
    this.#refusals.delete(roomId)
    this.#refusals.set(roomId, refusal)
    const [oldest] = this.#refusals.keys()
    if (this.#refusals.size > REFUSALS_MAX && oldest !== undefined) this.#refusals.delete(oldest)
  }

  /** Everything that was on air is away until its publisher has come back to the next media process. */
  #gone(): void {
    const wereLive = this.publishingRooms()
    this.#listening = null
    this.#streams = new Map()
    this.#viewers = { viewers: 0, skipped: 0, stalled: 0 }
    this.#asker.failAll()
    if (this.#closing) return
    this.#restarts.inc()
    for (const roomId of wereLive) this.expect(roomId)
  }

  #tell(work: Promise<void>, roomId: number): void {
    // A room that could not be told is healed by the next round of the slice's housekeeping.
    work.catch((error: unknown) =>
      this.#platform.log.error({ err: error, roomId }, 'a change of video could not be written down'),
    )
  }
}
