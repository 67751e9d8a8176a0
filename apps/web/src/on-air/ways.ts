import type { PublishFormat } from '@chunbo/contract/publish'

/** How this browser can go on air. */
export type Way =
  /** It encodes picture by picture. */
  | { kind: 'frames' }
  /** It only records: later and coarser, but it works. */
  | { kind: 'recorder'; mimeType: string; format: Exclude<PublishFormat, 'frames'> }
  /** `insecure`: the page came without TLS. `no_camera_access`: as in the browsers inside some apps. */
  | { kind: 'none'; why: 'insecure' | 'no_camera_access' | 'no_encoder' }

/** Matroska first: Chromium gives it several times a second, and MP4 once. */
const RECORDINGS: readonly { mimeType: string; format: Exclude<PublishFormat, 'frames'> }[] = [
  { mimeType: 'video/x-matroska;codecs=avc1,opus', format: 'matroska' },
  { mimeType: 'video/webm;codecs=h264,opus', format: 'matroska' },
  { mimeType: 'video/mp4;codecs=avc1.42E01F,mp4a.40.2', format: 'mp4' },
  { mimeType: 'video/mp4;codecs=avc1.42E01F,opus', format: 'mp4' },
  { mimeType: 'video/mp4', format: 'mp4' },
]

/** `forced` takes the recorder where both would do. */
export async function findWay(forced?: 'recorder'): Promise<Way> {
  if (!window.isSecureContext) return { kind: 'none', why: 'insecure' }
  if (!navigator.mediaDevices?.getUserMedia) return { kind: 'none', why: 'no_camera_access' }
  if (forced !== 'recorder' && (await chooseVideoConfig({ widthPx: 720, heightPx: 1280 }, 2_000_000)) !== null) {
    if (canTakeFrames()) return { kind: 'frames' }
  }
  const recording =
    typeof MediaRecorder === 'undefined'
      ? undefined
      : RECORDINGS.find(({ mimeType }) => MediaRecorder.isTypeSupported(mimeType))
  return recording ? { kind: 'recorder', ...recording } : { kind: 'none', why: 'no_encoder' }
}

function canTakeFrames(): boolean {
  return 'MediaStreamTrackProcessor' in window || 'requestVideoFrameCallback' in HTMLVideoElement.prototype
}

/**
 * Encoders in the order in which they are asked for. Main is a little sharper for the same bits and costs hardware nothing; baseline is what every
 * phone's hardware makes, and what a processor makes with the least work. No profile here has B-frames at real time.
 */
const [MAIN, BASELINE] = ['4d40', '42e0']
const ENCODERS = [
  { hardwareAcceleration: 'prefer-hardware', profile: MAIN },
  { hardwareAcceleration: 'prefer-hardware', profile: BASELINE },
  { hardwareAcceleration: 'no-preference', profile: BASELINE },
  { hardwareAcceleration: 'no-preference', profile: MAIN },
] as const
/** H.264 counts in macroblocks of 16 by 16; level 3.1 carries 3,600 of them in a picture. */
const BLOCKS_OF_LEVEL_31 = 3_600

/** What H.264 encoder this device has for pictures of this size; hardware first. Null when it has none. */
export async function chooseVideoConfig(
  size: { widthPx: number; heightPx: number },
  bitsPerSecond: number,
): Promise<VideoEncoderConfig | null> {
  if (typeof VideoEncoder === 'undefined') return null
  const blocks = Math.ceil(size.widthPx / 16) * Math.ceil(size.heightPx / 16)
  const level = blocks <= BLOCKS_OF_LEVEL_31 ? '1f' : '28'
  for (const { hardwareAcceleration, profile } of ENCODERS) {
    const config: VideoEncoderConfig = {
      codec: `avc1.${profile}${level}`,
      width: size.widthPx,
      height: size.heightPx,
      bitrate: bitsPerSecond,
      framerate: 30,
      latencyMode: 'realtime',
      hardwareAcceleration,
      avc: { format: 'avc' },
    }
    const answer = await VideoEncoder.isConfigSupported(config).catch(() => null)
    if (answer?.supported === true) return config
  }
  return null
}

const AUDIO_BPS = 96_000

/** AAC, which every player has, where the browser makes it; else Opus. Null when it makes neither. */
export async function chooseAudioConfig(sampleRate: number, channels: number): Promise<AudioEncoderConfig | null> {
  if (typeof AudioEncoder === 'undefined') return null
  for (const codec of ['mp4a.40.2', 'opus']) {
    const config: AudioEncoderConfig = { codec, sampleRate, numberOfChannels: channels, bitrate: AUDIO_BPS }
    const answer = await AudioEncoder.isConfigSupported(config).catch(() => null)
    if (answer?.supported === true) return config
  }
  return null
}
