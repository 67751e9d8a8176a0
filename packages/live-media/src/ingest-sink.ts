/**
 * The seam between ways in and the one mux: an RTMP session feeds it today, a browser's WebCodecs socket can feed the
 * same five calls later. All calls are synchronous; a sink never keeps the caller waiting.
 */
export interface IngestSink {
  /**
   * Takes an AVCDecoderConfigurationRecord (ISO 14496-15). The same bytes again change nothing; other bytes start a new
   * init segment and a discontinuity at the next key frame.
   * @throws MediaFormatError when the record cannot be read or names something players do not decode
   */
  setVideo(avcC: Buffer): void
  /** @throws MediaFormatError */
  setAudio(config: AudioConfig): void
  /** A broken sample is dropped and counted, never thrown. Samples before the first key frame are dropped. */
  video(sample: VideoSample): void
  audio(sample: AudioSample): void
  /** Ends this ingest, not the stream: the room's stream waits for the publisher to come back. Idempotent. */
  end(reason: string): void
}

export type AudioConfig =
  /** AudioSpecificConfig (ISO 14496-3). */
  { codec: 'aac'; specificConfig: Buffer } | { codec: 'opus'; channels: number }

export interface VideoSample {
  /** Decode time on the publisher's clock, which may start anywhere, jump and wrap. */
  dtsMs: number
  /** Presentation minus decode time, negative allowed. */
  compositionMs: number
  key: boolean
  /** NAL units, each led by its length in 4 bytes. */
  data: Buffer
}

export interface AudioSample {
  dtsMs: number
  /** One raw AAC frame without ADTS header, or one Opus packet. */
  data: Buffer
}

/** Input that is not media we can pass on. The message is fit for the publisher's eyes. */
export class MediaFormatError extends Error {
  override name = 'MediaFormatError'
}
