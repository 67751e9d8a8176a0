import { type IngestSink, MediaFormatError, type VideoCodec } from '../ingest-sink.ts'

/** What `connect` answers to clients that list their codecs: these are forwarded as they come. */
export const videoFourCcs = ['avc1', 'hvc1'] as const
export const audioFourCcs = ['mp4a', 'Opus'] as const

const videoCodecs: Record<string, VideoCodec> = { avc1: 'avc', hvc1: 'hevc' }
const names: Record<string, string> = {
  av01: 'AV1',
  vp08: 'VP8',
  vp09: 'VP9',
  vvc1: 'H.266',
  '.mp3': 'MP3',
  'ac-3': 'AC-3',
  'ec-3': 'E-AC-3',
  fLaC: 'FLAC',
}

const packet = { start: 0, coded: 1, codedNow: 3, multitrack: 5, videoMultitrack: 6, modifier: 7 } as const
const modifiersMax = 8
const tracksMax = 16

/** The packet of track 0: its codec and what follows the codec. */
interface EnhancedPacket {
  type: number
  fourCc: string
  body: Buffer
}

/** A video message with an extended header (enhanced RTMP v1 and v2). See feedFlvVideo. */
export function feedEnhancedVideo(sink: IngestSink, timestampMs: number, message: Buffer): boolean {
  const frameType = (message.readUInt8(0) >> 4) & 7
  if (frameType === 5) return false
  const read = readPacket(message, packet.videoMultitrack)
  if (!read) return false
  const { type, fourCc, body } = read
  const codec = videoCodecs[fourCc]
  if (!codec) throw new MediaFormatError('video_codec', { codec: nameOf(fourCc) })
  if (type === packet.start) {
    sink.setVideo(body, codec)
    return false
  }
  const shifted = type === packet.coded
  if ((!shifted && type !== packet.codedNow) || body.length < 4) return false
  const key = frameType === 1 || frameType === 4
  const compositionMs = shifted ? body.readIntBE(0, 3) : 0
  sink.video({ dtsMs: timestampMs, compositionMs, key, data: body.subarray(shifted ? 3 : 0) })
  return true
}

/** An audio message with an extended header (enhanced RTMP v2). See feedFlvVideo. */
export function feedEnhancedAudio(sink: IngestSink, timestampMs: number, message: Buffer): boolean {
  const read = readPacket(message, packet.multitrack)
  if (!read) return false
  const { type, fourCc, body } = read
  if (fourCc !== 'mp4a' && fourCc !== 'Opus') throw new MediaFormatError('audio_codec', { codec: nameOf(fourCc) })
  if (type === packet.start) {
    if (fourCc === 'mp4a') sink.setAudio({ codec: 'aac', specificConfig: body })
    else sink.setAudio({ codec: 'opus', channels: opusChannels(body) })
    return false
  }
  if (type !== packet.coded || body.length === 0) return false
  sink.audio({ dtsMs: timestampMs, data: body })
  return true
}

/** Reads past modifiers and picks track 0 out of a multitrack message; null for what carries none or is cut off. */
function readPacket(message: Buffer, multitrack: number): EnhancedPacket | null {
  let type = message.readUInt8(0) & 0x0f
  let at = 1
  for (let i = 0; type === packet.modifier; i++) {
    if (i >= modifiersMax || at + 3 > message.length) return null
    let size = message.readUInt8(at++) + 1
    if (size === 256) {
      size = message.readUInt16BE(at) + 1
      at += 2
    }
    at += size
    if (at >= message.length) return null
    type = message.readUInt8(at++) & 0x0f
  }
  if (type === multitrack) return readTrackZero(message, at)
  if (at + 4 > message.length) return null
  return { type, fourCc: message.toString('latin1', at, at + 4), body: message.subarray(at + 4) }
}

function readTrackZero(message: Buffer, start: number): EnhancedPacket | null {
  if (start + 6 > message.length) return null
  const head = message.readUInt8(start)
  const [kind, type] = [head >> 4, head & 0x0f]
  let at = start + 1
  let fourCc = ''
  if (kind !== 2) {
    fourCc = message.toString('latin1', at, at + 4)
    at += 4
  }
  for (let i = 0; i < tracksMax; i++) {
    const headBytes = (kind === 2 ? 4 : 0) + 1 + (kind === 0 ? 0 : 3)
    if (at + headBytes > message.length) return null
    if (kind === 2) fourCc = message.toString('latin1', at, at + 4)
    const track = message.readUInt8(at + (kind === 2 ? 4 : 0))
    const sizeBytes = kind === 0 ? message.length - at - headBytes : message.readUIntBE(at + headBytes - 3, 3)
    at += headBytes
    if (at + sizeBytes > message.length) return null
    if (track === 0) return { type, fourCc, body: message.subarray(at, at + sizeBytes) }
    at += sizeBytes
  }
  return null
}

/** From the identification header (RFC 7845, 5.1); stereo when there is none. */
function opusChannels(head: Buffer): number {
  return head.length >= 10 && head.toString('latin1', 0, 8) === 'OpusHead' ? head.readUInt8(9) : 2
}

/** Four letters of a stranger, so only when they are letters. */
function nameOf(fourCc: string): string {
  return names[fourCc] ?? (/^[\w.-]{4}$/.test(fourCc) ? fourCc : 'of an unknown kind')
}
