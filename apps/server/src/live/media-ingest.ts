import {
  createLiveHub,
  createMediaHandler,
  createRtmpServer,
  type LiveHub,
  type MediaHandler,
  type MediaStorage,
} from '@chunbo/live-media'
import { first } from '../platform/database.ts'
import type { Platform } from '../platform/slice.ts'
import type { RoomVideo, StreamFigures } from './context.ts'
import { PAUSE_GRACE_MS, SILENCE_MAX_MS } from './room.ts'
import { looksLikeStreamKey } from './stream-key.ts'

/** What the slice is told of the video. */
export interface VideoListener {
  /** The first part of a publish can be watched. */
  videoArrived(roomId: number): Promise<void>
  /** A publisher has been away for longer than the grace. */
  videoAway(roomId: number): Promise<void>
}

/** RTMP in, HLS out, recordings: everything of @chunbo/live-media for this process. */
export interface MediaIngest extends RoomVideo {
  readonly handler: MediaHandler
  publishingRooms(): number[]
  /** Treats a room as if its publisher had just gone: for rooms that were live when the process before ended. */
  expect(roomId: number): void
  /** Listens for publishers. @throws with `code` EADDRINUSE and `port` when the RTMP port is taken */
  start(): Promise<{ port: number }>
  close(): Promise<void>
}

function recordingsIn({ storage }: Platform): MediaStorage {
  const keyOf = (key: string) => `recordings/${key}`
  return {
    put: (key, bytes) => storage.put(keyOf(key), bytes),
    append: (key, bytes) => storage.append(keyOf(key), bytes),
    read: (key) => storage.read(keyOf(key)),
  }
}

/** The room that a stream key opens now, or null. */
async function roomOfKey({ db }: Platform, streamKey: string): Promise<{ roomId: number } | null> {
  if (!looksLikeStreamKey(streamKey)) return null
  return first(
    await db.query<{ roomId: number }>(
      `select k.room_id as "roomId" from room_stream_keys k join rooms r on r.id = k.room_id
       where k.stream_key = $1 and r.status <> 'ended'`,
      [streamKey],
      'live-room-of-key',
    ),
  )
}

function figuresOf(hub: LiveHub, roomId: number): StreamFigures | null {
  const health = hub.stream(roomId)?.health()
  if (!health || health.state === 'ended') return null
  return {
    connected: health.state === 'publishing',
    bitrateKbps: Math.round(health.bitsPerSecond / 1000),
    fps: health.framesPerSecond,
    keyFrameIntervalMs: Math.round(health.keyFrameMs ?? 0),
    width: health.widthPx ?? 0,
    height: health.heightPx ?? 0,
  }
}

/** Address of the RTMP server as people put it into OBS: the site's own host. */
function ingestUrlOf(publicUrl: string, port: number): string {
  return `rtmp://${new URL(publicUrl).hostname}${port === 1935 ? '' : `:${port}`}/live`
}

export function createMediaIngest(platform: Platform, listener: VideoListener, graceMs = PAUSE_GRACE_MS): MediaIngest {
  const { config, log } = platform
  const storage = recordingsIn(platform)
  // A publisher may come back as long as the room is open: viewers then go on without a reload.
  const hub = createLiveHub({ storage, log, limits: { resumeMs: SILENCE_MAX_MS } })
  const rtmp = createRtmpServer({
    port: config.rtmpPort,
    hub,
    log,
    authorise: (streamKey) => roomOfKey(platform, streamKey),
  })
  const away = new Map<number, NodeJS.Timeout>()
  let port = config.rtmpPort
  let closing = false
  const isPublishing = (roomId: number) => hub.stream(roomId)?.health().state === 'publishing'
  const tell = (work: Promise<void>, roomId: number) => {
    // A room that could not be told is healed by the next round of the slice's housekeeping.
    work.catch((error: unknown) => log.error({ err: error, roomId }, 'a change of video could not be written down'))
  }
  const expect = (roomId: number) => {
    clearTimeout(away.get(roomId))
    const timer = setTimeout(() => {
      away.delete(roomId)
      if (!closing && !isPublishing(roomId)) tell(listener.videoAway(roomId), roomId)
    }, graceMs)
    away.set(roomId, timer.unref())
  }
  hub.events.on('video.arrived', ({ roomId }) => {
    clearTimeout(away.get(roomId))
    away.delete(roomId)
    tell(listener.videoArrived(roomId), roomId)
  })
  hub.events.on('publish.ended', ({ roomId }) => {
    if (!closing) expect(roomId)
  })
  return {
    handler: createMediaHandler({ hub, storage }),
    get ingestUrl() {
      return ingestUrlOf(config.publicUrl, port)
    },
    isPublishing,
    publishingRooms: () => hub.streams().flatMap((stream) => (isPublishing(stream.roomId) ? [stream.roomId] : [])),
    figures: (roomId) => figuresOf(hub, roomId),
    end: (roomId, reason) => hub.endStream(roomId, reason),
    hasRecording: async (roomId) => ((await platform.storage.size(`recordings/${roomId}/index.ndjson`)) ?? 0) > 0,
    expect,
    async start() {
      const bound = await rtmp.listen()
      port = bound.port
      return bound
    },
    async close() {
      closing = true
      for (const timer of away.values()) clearTimeout(timer)
      await rtmp.close()
      await hub.close()
    },
  }
}
