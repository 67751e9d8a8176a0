import type { STREAM_WARNINGS } from '@chunbo/contract/rooms'

/** What the ingest measures of the stream that arrives. Bitrate in kbit/s, key frame interval in ms, picture in pixels. */
export interface StreamFacts {
  readonly connected: boolean
  readonly bitrateKbps: number
  readonly fps: number
  readonly keyFrameIntervalMs: number
  readonly width: number
  readonly height: number
}

export type StreamWarning = 'warnKeyFrame' | 'warnBitrateLow' | 'warnBitrateHigh' | 'warnFps'

// A viewer starts at a key frame, so their distance is the wait of everyone who comes in; encoders default to up to 10 s.
const KEY_FRAME_MS_MAX = 4000
// H.264 below this many bits a pixel is visibly blurred: about 550 kbit/s for 720p at 30 frames.
const BITS_PER_PIXEL_MIN = 0.02
// Above this a phone on a mobile network stalls; 720p needs 2500.
const BITRATE_KBPS_MAX = 6000
const FPS_MIN = 15

/** What the host's team should mend, the most hurtful first. A figure of 0 is not known yet and gives no warning. */
export function streamWarnings(stream: StreamFacts): StreamWarning[] {
  if (!stream.connected) return []
  const warnings: StreamWarning[] = []
  const enoughKbps = (stream.width * stream.height * stream.fps * BITS_PER_PIXEL_MIN) / 1000
  if (stream.bitrateKbps > 0 && stream.bitrateKbps < enoughKbps) warnings.push('warnBitrateLow')
  if (stream.fps > 0 && stream.fps < FPS_MIN) warnings.push('warnFps')
  if (stream.bitrateKbps > BITRATE_KBPS_MAX) warnings.push('warnBitrateHigh')
  if (stream.keyFrameIntervalMs > KEY_FRAME_MS_MAX) warnings.push('warnKeyFrame')
  return warnings
}

export type RecordingWarning = 'recordingFull' | 'recordingFailing' | 'recordingSlow'

const recordingWarnings = { full: 'recordingFull', failing: 'recordingFailing', slow: 'recordingSlow' } as const

/** Why the show is not recorded just now; undefined while it is, or where nothing ever is. */
export function recordingWarning(
  recording: { readonly state: keyof typeof recordingWarnings | 'on' } | null,
): RecordingWarning | undefined {
  return recording === null || recording.state === 'on' ? undefined : recordingWarnings[recording.state]
}

/** What the server warns of, as the desk says it; the distance of key frames is among the desk's own figures already. */
export type HealthAdvice = `advice${Capitalize<Exclude<ServerWarning, 'long_gop'>>}`
type ServerWarning = (typeof STREAM_WARNINGS)[number]

export function healthAdvice(warnings: readonly ServerWarning[]): HealthAdvice[] {
  return warnings.flatMap((warning) =>
    warning === 'long_gop' ? [] : [`advice${warning[0]?.toUpperCase()}${warning.slice(1)}` as HealthAdvice],
  )
}

/** A codec as people call it, from the letters of RFC 6381; empty when there is none. */
export function codecName(codec: string | null): string {
  if (codec === null) return ''
  const kind = codec.slice(0, 4)
  return { avc1: 'H.264', hvc1: 'H.265', mp4a: 'AAC', opus: 'Opus' }[kind] ?? codec
}
