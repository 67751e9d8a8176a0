import { type IngestSink, MediaFormatError, type VideoCodec } from '../ingest-sink.ts'
import { feedEnhancedAudio, feedEnhancedVideo } from './flv-enhanced.ts'

/** Codec numbers that may be passed on; 12 is what encoders sent for HEVC before enhanced RTMP had a name for it. */
const videoCodecs: Record<number, VideoCodec> = { 7: 'avc', 12: 'hevc' }
const videoNames: Record<number, string> = {
  2: 'Sorenson H.263',
  3: 'Screen Video',
  4: 'VP6',
  5: 'VP6',
  6: 'Screen Video 2',
  8: 'H.263',
  9: 'MPEG-4',
  13: 'AV1',
}
const aacFormat = 10
const enhancedFormat = 9
const audioNames: Record<number, string> = {
  0: 'PCM',
  1: 'ADPCM',
  2: 'MP3',
  3: 'PCM',
  4: 'Nellymoser',
  5: 'Nellymoser',
  6: 'Nellymoser',
  7: 'G.711',
  8: 'G.711',
  11: 'Speex',
  14: 'MP3',
}

/**
 * Video and audio messages of RTMP carry the tag bodies of FLV (Adobe's FLV specification 10.1, annex E; enhanced RTMP v2).
 * Feeds one of them into a sink; true when it was a frame, and not configuration or something to skip.
 * @throws MediaFormatError for codecs and configurations that cannot be passed on
 */
export function feedFlvVideo(sink: IngestSink, timestampMs: number, body: Buffer): boolean {
  if (body.length < 2) return false
  const first = body.readUInt8(0)
  if ((first & 0x80) !== 0) return feedEnhancedVideo(sink, timestampMs, body)
  const frameType = first >> 4
  if (frameType === 5) return false
  const codec = videoCodecs[first & 0x0f]
  if (!codec) throw new MediaFormatError('video_codec', { codec: videoNames[first & 0x0f] ?? `no. ${first & 0x0f}` })
  if (body.length < 5) return false
  const packetType = body.readUInt8(1)
  if (packetType === 0) {
    sink.setVideo(body.subarray(5), codec)
    return false
  }
  if (packetType !== 1) return false
  const key = frameType === 1 || frameType === 4
  // Composition time is signed 24 bits: B-frame encoders with a shifted start send negative ones.
  sink.video({ dtsMs: timestampMs, compositionMs: body.readIntBE(2, 3), key, data: body.subarray(5) })
  return true
}

/** See feedFlvVideo. */
export function feedFlvAudio(sink: IngestSink, timestampMs: number, body: Buffer): boolean {
  if (body.length < 2) return false
  const format = body.readUInt8(0) >> 4
  if (format === enhancedFormat) return feedEnhancedAudio(sink, timestampMs, body)
  if (format !== aacFormat) throw new MediaFormatError('audio_codec', { codec: audioNames[format] ?? `no. ${format}` })
  if (body.readUInt8(1) === 0) {
    sink.setAudio({ codec: 'aac', specificConfig: body.subarray(2) })
    return false
  }
  sink.audio({ dtsMs: timestampMs, data: body.subarray(2) })
  return body.length > 2
}
