import { type IngestRefusal, ingestRefusal, type RefusalCode, type RefusalParams } from './ingest-refusals.ts'

/**
 * The seam between ways in and the one mux: an RTMP session feeds it as a browser's socket does. All calls are
 * synchronous; a sink never keeps the caller waiting. Any of the first four may throw MediaFormatError when the publisher
 * has to be sent away; the caller tells it why and calls `end`.
 */
export interface IngestSink {
  /**
   * Takes a decoder configuration record (ISO 14496-15): for H.264 an avcC, for HEVC an hvcC. The same bytes again change
   * nothing; other bytes start a new init segment and a discontinuity at the next key frame.
   * @throws MediaFormatError when the record cannot be read, or the picture is larger than the server takes
   */
  setVideo(record: Buffer, codec?: VideoCodec): void
  /** @throws MediaFormatError */
  setAudio(config: AudioConfig): void
  /**
   * A broken sample is dropped and counted. Samples before the first key frame are dropped.
   * @throws MediaFormatError when a limit of bitrate or duration is crossed
   */
  video(sample: VideoSample): void
  audio(sample: AudioSample): void
  /** Ends this ingest, not the stream: the room's stream waits for the publisher to come back. Idempotent. */
  end(reason: string): void
}

/** `avc` when left out. */
export type VideoCodec = 'avc' | 'hevc'

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

/** Input that is not media we can pass on, or more of it than we take. The refusal is fit for the publisher's eyes. */
export class MediaFormatError extends Error {
  override name = 'MediaFormatError'
  readonly refusal: IngestRefusal

  constructor(code: RefusalCode, params: RefusalParams = {}) {
    const refusal = ingestRefusal(code, params)
    super(refusal.en)
    this.refusal = refusal
  }
}

/** @throws MediaFormatError */
export function refuseVideoConfig(detail: string): never {
  throw new MediaFormatError('video_config', { detail })
}

/** @throws MediaFormatError */
export function refuseAudioConfig(detail: string): never {
  throw new MediaFormatError('audio_config', { detail })
}
