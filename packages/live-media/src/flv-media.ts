import { type IngestSink, MediaFormatError } from './ingest-sink.ts'

/**
 * Video and audio messages of RTMP carry the tag bodies of FLV (Adobe's FLV specification 10.1, annex E).
 * Feeds one of them into a sink; true when it was a frame, and not configuration or something to skip.
 * @throws MediaFormatError for codecs and configurations that cannot be passed on
 */
export function feedFlvVideo(sink: IngestSink, timestampMs: number, body: Buffer): boolean {
  if (body.length < 2) return false
  const first = body.readUInt8(0)
  if ((first & 0x80) !== 0) throw new MediaFormatError('the video must be H.264; enhanced RTMP codecs are not accepted')
  const frameType = first >> 4
  if (frameType === 5) return false
  if ((first & 0x0f) !== 7) throw new MediaFormatError('the video must be H.264')
  if (body.length < 5) return false
  const packetType = body.readUInt8(1)
  if (packetType === 0) {
    sink.setVideo(body.subarray(5))
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
  if (body.readUInt8(0) >> 4 !== 10) throw new MediaFormatError('the audio must be AAC')
  if (body.readUInt8(1) === 0) {
    sink.setAudio({ codec: 'aac', specificConfig: body.subarray(2) })
    return false
  }
  sink.audio({ dtsMs: timestampMs, data: body.subarray(2) })
  return body.length > 2
}
