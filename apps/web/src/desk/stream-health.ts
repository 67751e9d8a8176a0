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
