import type { RefusalCode } from './ingest-refusals.ts'
import type { RecordingState } from './recording/recording.ts'
import type { StreamHealth } from './stream-health.ts'

export type IngestProtocol = 'rtmp' | 'webcodecs'

/**
 * What the hub tells the rest of the server, by `hub.events.on(name, listener)`. Times are wall clock in ms.
 * A listener that throws would break the publisher's call, so listeners catch their own errors.
 */
export interface MediaEvents {
  /** A publisher was let in; nothing can be watched yet. */
  'publish.started': [{ roomId: number; protocol: IngestProtocol; resumed: boolean; atMs: number }]
  /** A publisher was sent away, or not let in; `lastRefusal` of the hub has the words. */
  'publish.refused': [{ roomId: number; code: RefusalCode; atMs: number }]
  /** The first part since that publish can be fetched: the moment a room goes live. */
  'video.arrived': [{ roomId: number; atMs: number }]
  'publish.ended': [{ roomId: number; reason: string; atMs: number; health: StreamHealth }]
  /** The stream is over: ended by the host's team, or its publisher stayed away too long. */
  'stream.ended': [{ roomId: number; atMs: number }]
  /** A segment could not be stored. Live goes on; the replay will lack it. */
  'recording.failed': [{ roomId: number; seq: number; reason: string }]
  /** Recording stopped for a reason or goes on; `lostSegments` since the stream began. */
  'recording.changed': [{ roomId: number; state: RecordingState; lostSegments: number }]
}
