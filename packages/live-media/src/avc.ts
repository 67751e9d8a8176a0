import { BitReader } from './bit-reader.ts'
import { MediaFormatError } from './ingest-sink.ts'

/** What the mux needs to know of an H.264 stream. */
export interface AvcConfig {
  /** The AVCDecoderConfigurationRecord as it came. */
  avcC: Buffer
  widthPx: number
  heightPx: number
  /** RFC 6381, as in `avc1.64001f`. */
  codec: string
  /** SPS and PPS as length-prefixed NAL units, to be put before a key frame. */
  parameterSets: Buffer
}

const sizePxMax = 8192
const recordBytesMax = 4096
const profilesWithChroma = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128])

/**
 * Reads an AVCDecoderConfigurationRecord (ISO 14496-15, 5.2.4.1).
 * @throws MediaFormatError
 */
export function parseAvcConfig(avcC: Buffer): AvcConfig {
  if (avcC.length < 7 || avcC.length > recordBytesMax || avcC[0] !== 1) {
    throw new MediaFormatError('the H.264 configuration record is malformed')
  }
  if ((avcC.readUInt8(4) & 3) !== 3) throw new MediaFormatError('H.264 NAL lengths must have 4 bytes')
  const sets: Buffer[] = []
  let at = 5
  for (const mask of [0x1f, 0xff]) {
    if (at >= avcC.length) throw new MediaFormatError('the H.264 configuration record ends too early')
    const count = avcC.readUInt8(at++) & mask
    for (let i = 0; i < count; i++) at = readParameterSet(avcC, at, sets)
  }
  const sps = sets.find((set) => (set.readUInt8(4) & 0x1f) === 7)?.subarray(4)
  if (!sps || sps.length < 4) throw new MediaFormatError('the H.264 configuration record holds no SPS')
  const { widthPx, heightPx } = parseSpsSize(sps)
  const codec = `avc1.${sps.toString('hex', 1, 4)}`
  return { avcC: Buffer.from(avcC), widthPx, heightPx, codec, parameterSets: Buffer.concat(sets) }
}

function readParameterSet(avcC: Buffer, at: number, sets: Buffer[]): number {
  if (at + 2 > avcC.length) throw new MediaFormatError('the H.264 configuration record ends too early')
  const length = avcC.readUInt16BE(at)
  const end = at + 2 + length
  if (length === 0 || end > avcC.length) throw new MediaFormatError('the H.264 configuration record ends too early')
  const set = Buffer.alloc(4 + length)
  set.writeUInt32BE(length, 0)
  avcC.copy(set, 4, at + 2, end)
  sets.push(set)
  return end
}

/**
 * Picture size after cropping, from a sequence parameter set (ITU-T H.264, 7.3.2.1.1).
 * @throws MediaFormatError
 */
function parseSpsSize(sps: Buffer): { widthPx: number; heightPx: number } {
  const bits = new BitReader(withoutEmulation(sps))
  bits.skip(8)
  const profile = bits.take(8)
  bits.skip(16)
  bits.unsigned()
  let chroma = 1
  if (profilesWithChroma.has(profile)) chroma = skipChroma(bits)
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
    throw new MediaFormatError('the H.264 picture size is out of range')
  }
  return { widthPx, heightPx }
}

function skipChroma(bits: BitReader): number {
  const chroma = bits.unsigned()
  if (chroma === 3) bits.skip(1)
  bits.unsigned()
  bits.unsigned()
  bits.skip(1)
  if (bits.take(1)) {
    for (let list = 0; list < (chroma === 3 ? 12 : 8); list++) {
      if (bits.take(1)) skipScalingList(bits, list < 6 ? 16 : 64)
    }
  }
  return chroma
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
  if (cycle > 255) throw new MediaFormatError('the H.264 SPS is malformed')
  for (let i = 0; i < cycle; i++) bits.signed()
}

function withoutEmulation(nal: Buffer): Buffer {
  const out = Buffer.alloc(nal.length)
  let length = 0
  let zeros = 0
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    zeros = byte === 0 ? zeros + 1 : 0
    out[length++] = byte
  }
  return out.subarray(0, length)
}

/** What a walk over a sample's NAL units finds; null when the lengths do not add up. */
export function inspectNalUnits(data: Buffer): { hasParameterSets: boolean; hasIdr: boolean } | null {
  let at = 0
  let hasParameterSets = false
  let hasIdr = false
  while (at < data.length) {
    if (at + 5 > data.length) return null
    const length = data.readUInt32BE(at)
    if (length === 0 || length > data.length - at - 4) return null
    const type = data.readUInt8(at + 4) & 0x1f
    if (type === 7) hasParameterSets = true
    if (type === 5) hasIdr = true
    at += 4 + length
  }
  return data.length === 0 ? null : { hasParameterSets, hasIdr }
}
