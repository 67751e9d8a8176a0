import type { VideoCodec } from '../ingest-sink.ts'
import { parseAvcConfig } from './avc.ts'
import { parseHevcConfig } from './hevc.ts'

/** What the mux needs to know of a video stream. */
export interface VideoTrack {
  kind: VideoCodec
  /** The decoder configuration record as it came. */
  record: Buffer
  widthPx: number
  heightPx: number
  /** RFC 6381, as in `avc1.64001f` or `hvc1.1.6.L93.B0`. */
  codec: string
  /** Parameter sets as length-prefixed NAL units, to be put before a key frame. */
  parameterSets: Buffer
  /** Eight bits in 4:2:0: what every phone decodes. */
  common: boolean
}

/** @throws MediaFormatError */
export function parseVideoTrack(record: Buffer, kind: VideoCodec): VideoTrack {
  return kind === 'hevc' ? parseHevcConfig(record) : parseAvcConfig(record)
}

/** What a walk over a sample's NAL units finds. */
export interface NalFindings {
  hasParameterSets: boolean
}

/** Walks a sample's NAL units; null when the lengths do not add up. */
export function inspectNalUnits(data: Buffer, kind: VideoCodec): NalFindings | null {
  let at = 0
  let hasParameterSets = false
  while (at < data.length) {
    if (at + 5 > data.length) return null
    const length = data.readUInt32BE(at)
    if (length === 0 || length > data.length - at - 4) return null
    const first = data.readUInt8(at + 4)
    hasParameterSets ||= kind === 'hevc' ? ((first >> 1) & 0x3f) === 33 : (first & 0x1f) === 7
    at += 4 + length
  }
  return data.length === 0 ? null : { hasParameterSets }
}
