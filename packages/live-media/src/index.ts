/**
 * Live video: RTMP in, one mux to fragmented MP4, LL-HLS and plain HLS out, recordings and their replay. No HTTP server
 * and no database in here: the caller mounts the media handler, looks stream keys up and brings the storage.
 */

export type { Chunk } from './chunker.ts'
export { type FlvTag, readFlvTags } from './flv-tags.ts'
export { createFolderStorage } from './folder-storage.ts'
export {
  type AudioConfig,
  type AudioSample,
  type IngestSink,
  MediaFormatError,
  type VideoSample,
} from './ingest-sink.ts'
export { defaultRtmpLimits, defaultStreamLimits, type RtmpLimits, type StreamLimits } from './limits.ts'
export { createLiveHub, type IngestAnswer, type IngestRequest, type LiveHub, type LiveHubOptions } from './live-hub.ts'
export type { LiveStream } from './live-stream.ts'
export type { IngestProtocol, MediaEvents } from './media-events.ts'
export {
  createMediaHandler,
  type MediaHandler,
  type MediaHandlerOptions,
  type MediaRequest,
  type MediaResponse,
} from './media-handler.ts'
export type { MediaLog } from './media-log.ts'
export type { MediaStorage } from './media-storage.ts'
export type { InitSegment } from './mp4-init.ts'
export { openRtmpPublisher, PublishRefused, type RtmpPublisher } from './rtmp-publisher.ts'
export {
  createRtmpServer,
  type PublishGrant,
  type RtmpPeer,
  type RtmpServer,
  type RtmpServerOptions,
} from './rtmp-server.ts'
export type { StreamHealth, StreamWarning } from './stream-health.ts'
