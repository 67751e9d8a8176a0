/** Frames of a track as a stream (W3C mediacapture-transform): in Chromium on the page, in Safari in workers only, in Firefox not yet. */
declare class MediaStreamTrackProcessor<T extends VideoFrame | AudioData> {
  constructor(init: { track: MediaStreamTrack; maxBufferSize?: number })
  readonly readable: ReadableStream<T>
}
