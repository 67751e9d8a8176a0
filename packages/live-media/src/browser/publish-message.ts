import {
  PUBLISH_AUDIO,
  PUBLISH_FLAG_KEY,
  PUBLISH_HEAD_BYTES,
  PUBLISH_KIND,
  PublishClientMessage,
} from '@chunbo/contract/publish'
import { Compile } from 'typebox/compile'
import type { AudioConfig, AudioSample, VideoSample } from '../ingest-sink.ts'

export type PublishMedia =
  | { kind: 'videoConfig'; avcC: Buffer }
  | { kind: 'audioConfig'; config: AudioConfig }
  | { kind: 'video'; sample: VideoSample; dtsUs: number }
  | { kind: 'audio'; sample: AudioSample }
  | { kind: 'container'; bytes: Buffer }

const usPerMs = 1_000
const validator = Compile(PublishClientMessage)

/** A browser's text message, or null when it is not one of the contract's. Never throws. */
export function readPublishText(text: string): PublishClientMessage | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return null
  }
  return validator.Check(parsed) ? parsed : null
}

/** A browser's binary message, or null when it is not one of the contract's. Never throws; what is inside is judged by the sink. */
export function readPublishMedia(message: Buffer): PublishMedia | null {
  if (message.length <= PUBLISH_HEAD_BYTES || message.readUInt16BE(2) !== 0) return null
  const kind = message.readUInt8(0)
  const flags = message.readUInt8(1)
  if ((flags & ~PUBLISH_FLAG_KEY) !== 0) return null
  const dtsUs = Number(message.readBigInt64BE(4))
  if (!Number.isSafeInteger(dtsUs)) return null
  const data = message.subarray(PUBLISH_HEAD_BYTES)
  const dtsMs = Math.round(dtsUs / usPerMs)
  switch (kind) {
    case PUBLISH_KIND.videoConfig:
      return { kind: 'videoConfig', avcC: data }
    case PUBLISH_KIND.audioConfig:
      return readAudioConfig(data)
    case PUBLISH_KIND.video: {
      const compositionMs = Math.round(message.readInt32BE(12) / usPerMs)
      return { kind: 'video', dtsUs, sample: { dtsMs, compositionMs, key: (flags & PUBLISH_FLAG_KEY) !== 0, data } }
    }
    case PUBLISH_KIND.audio:
      return { kind: 'audio', sample: { dtsMs, data } }
    case PUBLISH_KIND.container:
      return { kind: 'container', bytes: data }
    default:
      return null
  }
}

function readAudioConfig(data: Buffer): PublishMedia | null {
  const rest = data.subarray(1)
  if (data[0] === PUBLISH_AUDIO.aac) return { kind: 'audioConfig', config: { codec: 'aac', specificConfig: rest } }
  const [channels] = rest
  if (data[0] !== PUBLISH_AUDIO.opus || channels === undefined || rest.length !== 1) return null
  return { kind: 'audioConfig', config: { codec: 'opus', channels } }
}
