/**
 * Live video: RTMP in, one mux to fragmented MP4, LL-HLS and plain HLS out, recordings and their replay. No
 * database in here: the caller mounts the media listener, looks stream keys up and brings the storage.
 */

export type { Chunk } from './chunker.ts'
export { type FlvTag, readFlvTags } from './flv-tags.ts'
export { FlvViewers } from './flv-viewers.ts'
export { type IngestRefusal, ingestRefusal, type RefusalCode, refusalLine } from './ingest-refusals.ts'
export {
  type AudioConfig,
  type AudioSample,
  type IngestSink,
  MediaFormatError,
  type VideoCodec,
  type VideoSample,
} from './ingest-sink.ts'
export { createLadders, findFfmpeg, type Ladders } from './ladders.ts'
export { defaultRtmpLimits, defaultStreamLimits, type RtmpLimits, type StreamLimits } from './limits.ts'
export {
  createLiveHub,
  type IngestAnswer,
  type IngestRequest,
  type LiveHub,
  type LiveHubOptions,
  type RefusalNote,
} from './live-hub.ts'
export type { LiveStream } from './live-stream.ts'
export type { MediaRequest, MediaResponse } from './media-answer.ts'
export type { IngestProtocol, MediaEvents } from './media-events.ts'

export { createMediaHandler, type MediaHandler, type MediaHandlerOptions } from './media-handler.ts'
export { createMediaListener, type MediaListenerOptions } from './media-listener.ts'

export type { MediaLog } from './media-log.ts'
export type { MediaStorage } from './media-storage.ts'
export type { InitSegment } from './mp4-init.ts'
export { openPictureMaker } from './picture-maker.ts'
export type { BrowserPublisher } from './publications.ts'
export { createPublishSockets, type PublishSockets, type PublishSocketsOptions } from './publish-sockets.ts'
export type { RecordingState } from './recording.ts'
export { createRecordings, type ExportResult, type Recordings } from './recordings.ts'
export { openRtmpPublisher, PublishRefused, type RtmpPublisher } from './rtmp-publisher.ts'
export {
  createRtmpServer,
  type PublishDenial,
  type PublishGrant,
  type RtmpPeer,
  type RtmpServer,
  type RtmpServerOptions,
} from './rtmp-server.ts'
export type { StreamHealth, StreamWarning } from './stream-health.ts'
export { Thumbnailer } from './thumbnails.ts'
export { createViewerSockets, type ViewerCounts, type ViewerSockets } from './viewer-sockets.ts'
