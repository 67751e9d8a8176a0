import type { IngestSink } from '../ingest-sink.ts'

/** What a reader of a recording that is being made gives its samples to. */
export type SampleTarget = Pick<IngestSink, 'setVideo' | 'setAudio' | 'video' | 'audio'>

/** Takes a recording in pieces, cut anywhere, and gives its samples on as soon as they are whole. */
export interface ContainerReader {
  /** @throws MediaFormatError when the bytes are no such recording, or one that cannot be passed on */
  receive(bytes: Buffer): void
}

/** What a stranger's recording may make the reader hold. MediaRecorder of Chromium gives a fragment a second, a key frame of 1080p has under 1 MB. */
export const containerLimits = {
  /** Tracks and codecs. */
  headBytes: 256 * 1024,
  /** Samples of one fragment, or one block. */
  mediaBytes: 8 * 1024 * 1024,
  samples: 4_096,
  tracks: 8,
} as const
