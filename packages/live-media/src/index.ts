/**
 * Live video: RTMP in, one mux to fragmented MP4, LL-HLS and plain HLS out, recordings and their replay. No
 * database in here: the caller mounts the media listener, looks stream keys up and brings the storage.
 */

export type { BrowserPublisher } from './browser/publications.ts'
export { createPublishSockets, type PublishSockets, type PublishSocketsOptions } from './browser/publish-sockets.ts'
export { type IngestRefusal, ingestRefusal, type RefusalCode, refusalLine } from './ingest-refusals.ts'
export {
  type AudioConfig,
  type AudioSample,
  type IngestSink,
  MediaFormatError,
  type VideoCodec,
  type VideoSample,
} from './ingest-sink.ts'
export { createLadders, findFfmpeg, type Ladders } from './ladder/ladders.ts'
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
export type { IngestProtocol, MediaEvents } from './media-events.ts'
export type { MediaLog } from './media-log.ts'
export type { Chunk } from './mux/chunker.ts'
export type { InitSegment } from './mux/mp4-init.ts'
export type { MediaStorage } from './recording/media-storage.ts'
export { openPictureMaker } from './recording/picture-maker.ts'
export type { RecordingState } from './recording/recording.ts'
export { createRecordings, type ExportResult, type Recordings } from './recording/recordings.ts'
export { Thumbnailer } from './recording/thumbnails.ts'
export { type FlvTag, readFlvTags } from './rtmp/flv-tags.ts'
export { openRtmpPublisher, PublishRefused, type RtmpPublisher } from './rtmp/rtmp-publisher.ts'
export {
  createRtmpServer,
  type PublishDenial,
  type PublishGrant,
  type RtmpPeer,
  type RtmpServer,
  type RtmpServerOptions,
} from './rtmp/rtmp-server.ts'
export type { StreamHealth, StreamWarning } from './stream-health.ts'
export { FlvViewers } from './watch/flv-viewers.ts'
export type { MediaRequest, MediaResponse } from './watch/media-answer.ts'
export { createMediaHandler, type MediaHandler, type MediaHandlerOptions } from './watch/media-handler.ts'
export { createMediaListener, type MediaListenerOptions } from './watch/media-listener.ts'
export { createViewerSockets, type ViewerCounts, type ViewerSockets } from './watch/viewer-sockets.ts'
