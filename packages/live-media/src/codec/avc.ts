import { refuseVideoConfig } from '../ingest-sink.ts'
import { BitReader, BitsError } from './bit-reader.ts'
import { ParameterSetReader, withoutEmulation } from './parameter-sets.ts'
import type { VideoTrack } from './video-track.ts'

const sizePxMax = 8192
const recordBytesMax = 4096
const profilesWithChroma = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128])

/**
 * Reads an AVCDecoderConfigurationRecord (ISO 14496-15, 5.2.4.1).
 * @throws MediaFormatError
 */
export function parseAvcConfig(record: Buffer): VideoTrack {
  if (record.length < 7 || record.length > recordBytesMax || record[0] !== 1) refuseVideoConfig('it is not an avcC')
  if ((record.readUInt8(4) & 3) !== 3) refuseVideoConfig('NAL lengths must have 4 bytes')
  const sets = new ParameterSetReader(record, 5)
  sets.take(sets.byte() & 0x1f)
  sets.take(sets.byte())
  const sps = sets.find((first) => (first & 0x1f) === 7)
  if (!sps || sps.length < 4) return refuseVideoConfig('it holds no SPS')
  const { widthPx, heightPx, common } = readSps(sps)
  const codec = `avc1.${sps.toString('hex', 1, 4)}`
  return { kind: 'avc', record: Buffer.from(record), widthPx, heightPx, codec, common, parameterSets: sets.all() }
}

/** A record made of the parameter sets in a key frame, for encoders that change them without saying so; null without. */
export function avcConfigIn(data: Buffer): Buffer | null {
  const sps: Buffer[] = []
  const pps: Buffer[] = []
  for (let at = 0; at + 5 <= data.length; ) {
    const length = data.readUInt32BE(at)
    const nal = data.subarray(at + 4, at + 4 + length)
    const type = data.readUInt8(at + 4) & 0x1f
    if (type === 7 && length >= 4 && length <= recordBytesMax) sps.push(nal)
    if (type === 8 && length <= recordBytesMax) pps.push(nal)
    at += 4 + length
  }
  const [first] = sps
  if (!first || pps.length === 0 || sps.length > 31 || pps.length > 255) return null
  const sized = (nal: Buffer): Buffer[] => [Buffer.of(nal.length >> 8, nal.length & 0xff), nal]
  return Buffer.concat([
    Buffer.of(1, ...first.subarray(1, 4), 0xff, 0xe0 | sps.length),
    ...sps.flatMap(sized),
    Buffer.of(pps.length),
    ...pps.flatMap(sized),
  ])
}

function readSps(sps: Buffer): ReturnType<typeof parseSps> {
  try {
    return parseSps(sps)
  } catch (error) {
    if (error instanceof BitsError) return refuseVideoConfig(`the SPS is malformed; ${error.message}`)
    throw error
  }
}

/**
 * Picture size after cropping, from a sequence parameter set (ITU-T H.264, 7.3.2.1.1).
 * @throws MediaFormatError
 */
function parseSps(sps: Buffer): { widthPx: number; heightPx: number; common: boolean } {
  const bits = new BitReader(withoutEmulation(sps))
  bits.skip(8)
  const profile = bits.take(8)
  bits.skip(16)
  bits.unsigned()
  let chroma = 1
  let eightBits = true
  if (profilesWithChroma.has(profile)) [chroma, eightBits] = readChroma(bits)
  bits.unsigned()
  skipPictureOrder(bits)
  bits.unsigned()
  bits.skip(1)
  const widthMbs = bits.unsigned() + 1
  const heightMaps = bits.unsigned() + 1
  const frameOnly = bits.take(1)
  if (!frameOnly) bits.skip(1)
  bits.skip(1)
  const crop = [0, 0, 0, 0]
  if (bits.take(1)) for (let i = 0; i < 4; i++) crop[i] = bits.unsigned()
  const [left = 0, right = 0, top = 0, bottom = 0] = crop
  const cropX = chroma === 1 || chroma === 2 ? 2 : 1
  const cropY = (chroma === 1 ? 2 : 1) * (2 - frameOnly)
  const widthPx = widthMbs * 16 - (left + right) * cropX
  const heightPx = (2 - frameOnly) * heightMaps * 16 - (top + bottom) * cropY
  if (!(widthPx > 0 && heightPx > 0 && widthPx <= sizePxMax && heightPx <= sizePxMax)) {
    refuseVideoConfig('the picture size is out of range')
  }
  return { widthPx, heightPx, common: eightBits && chroma === 1 }
}

function readChroma(bits: BitReader): [chroma: number, eightBits: boolean] {
  const chroma = bits.unsigned()
  if (chroma === 3) bits.skip(1)
  const eightBits = bits.unsigned() + bits.unsigned() === 0
  bits.skip(1)
  if (bits.take(1)) {
    for (let list = 0; list < (chroma === 3 ? 12 : 8); list++) {
      if (bits.take(1)) skipScalingList(bits, list < 6 ? 16 : 64)
    }
  }
  return [chroma, eightBits]
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8
  let next = 8
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + bits.signed() + 256) % 256
    if (next !== 0) last = next
  }
}

function skipPictureOrder(bits: BitReader): void {
  const type = bits.unsigned()
  if (type === 0) bits.unsigned()
  if (type !== 1) return
  bits.skip(1)
  bits.signed()
  bits.signed()
  const cycle = bits.unsigned()
  if (cycle > 255) throw new BitsError('its cycle is too long')
  for (let i = 0; i < cycle; i++) bits.signed()
}
