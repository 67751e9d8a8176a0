import { type AudioConfig, refuseAudioConfig } from '../ingest-sink.ts'
import { BitReader, BitsError } from './bit-reader.ts'
import { silentAacFrame, silentOpusPacket } from './silence.ts'

/** What the mux needs to know of an audio stream. */
export interface AudioTrack {
  kind: 'aac' | 'opus'
  /** RFC 6381, as in `mp4a.40.2`. */
  codec: string
  /** Ticks per second of the track, which is the core sample rate. */
  rateHz: number
  channels: number
  specificConfig: Buffer
  /** Length of a packet in ticks; 0 for a packet that cannot be read. */
  ticksOf(packet: Buffer): number
  /** A packet that sounds like nothing. */
  silence: Buffer
}

const aacRatesHz = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]
const opusRateHz = 48_000
const sbrType = 5
const psType = 29

/** @throws MediaFormatError */
export function parseAudioTrack(config: AudioConfig): AudioTrack {
  if (config.codec === 'opus') return opusTrack(config.channels)
  try {
    return parseAac(config.specificConfig)
  } catch (error) {
    if (error instanceof BitsError) return refuseAudioConfig(`the AAC configuration is malformed; ${error.message}`)
    throw error
  }
}

/** True when a player can go on with the same init segment. */
export function sameAudioTrack(a: AudioTrack, b: AudioTrack): boolean {
  return a.kind === b.kind && a.channels === b.channels && a.specificConfig.equals(b.specificConfig)
}

/** AudioSpecificConfig, ISO 14496-3, 1.6.2.1: object type, rate, channels and the frame length of the GASpecificConfig. */
function parseAac(specificConfig: Buffer): AudioTrack {
  if (specificConfig.length < 2 || specificConfig.length > 64) refuseAudioConfig('the AAC configuration is malformed')
  const bits = new BitReader(specificConfig)
  const named = takeObjectType(bits)
  const rateHz = takeRate(bits)
  const channels = bits.take(4)
  let type = named
  if (named === sbrType || named === psType) {
    takeRate(bits)
    type = takeObjectType(bits)
  }
  if (type !== 2 && type !== 1 && type !== 4) refuseAudioConfig('the AAC must be LC or HE')
  if (channels < 1 || channels > 7) refuseAudioConfig('the AAC channel count is out of range')
  const frameTicks = bits.take(1) === 1 ? 960 : 1024
  return {
    kind: 'aac',
    codec: `mp4a.40.${named}`,
    rateHz,
    channels: channels === 7 ? 8 : channels,
    specificConfig: Buffer.from(specificConfig),
    ticksOf: () => frameTicks,
    silence: silentAacFrame(channels),
  }
}

function takeObjectType(bits: BitReader): number {
  const type = bits.take(5)
  return type === 31 ? 32 + bits.take(6) : type
}

function takeRate(bits: BitReader): number {
  const index = bits.take(4)
  const rateHz = index === 15 ? bits.take(24) : aacRatesHz[index]
  // A sample entry stores the rate in 16 bits; live encoders use 44,100 or 48,000.
  if (rateHz === undefined || rateHz < 7_350 || rateHz > 65_535)
    return refuseAudioConfig('the AAC sample rate is out of range')
  return rateHz
}

function opusTrack(channels: number): AudioTrack {
  if (channels !== 1 && channels !== 2) refuseAudioConfig('Opus must have one or two channels')
  return {
    kind: 'opus',
    codec: 'opus',
    rateHz: opusRateHz,
    channels,
    specificConfig: Buffer.alloc(0),
    ticksOf: opusTicks,
    silence: silentOpusPacket,
  }
}

/** Duration of an Opus packet from its first bytes (RFC 6716, 3.1), in ticks of 1/48000 s. */
function opusTicks(packet: Buffer): number {
  const toc = packet[0]
  if (toc === undefined) return 0
  const config = toc >> 3
  const silk = [480, 960, 1920, 2880]
  const frame = config < 12 ? (silk[config & 3] ?? 0) : config < 16 ? 480 << (config & 1) : 120 << (config & 3)
  const count = (toc & 3) === 0 ? 1 : (toc & 3) < 3 ? 2 : (packet[1] ?? 0) & 63
  const ticks = frame * count
  return ticks > 5760 ? 0 : ticks
}
