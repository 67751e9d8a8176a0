import { refuseVideoConfig } from '../ingest-sink.ts'
import { BitReader, BitsError } from './bit-reader.ts'
import { ParameterSetReader, withoutEmulation } from './parameter-sets.ts'
import type { VideoTrack } from './video-track.ts'

const sizePxMax = 8192
const recordBytesMax = 4096
const headBytes = 22
const spsType = 33

/**
 * Reads an HEVCDecoderConfigurationRecord (ISO 14496-15, 8.3.3.1).
 * @throws MediaFormatError
 */
export function parseHevcConfig(record: Buffer): VideoTrack {
  if (record.length <= headBytes || record.length > recordBytesMax || record[0] !== 1) {
    return refuseVideoConfig('it is not an hvcC')
  }
  if ((record.readUInt8(21) & 3) !== 3) return refuseVideoConfig('NAL lengths must have 4 bytes')
  const sets = new ParameterSetReader(record, headBytes)
  const arrays = sets.byte()
  for (let i = 0; i < arrays; i++) {
    sets.byte()
    sets.take(sets.short())
  }
  const sps = sets.find((first) => ((first >> 1) & 0x3f) === spsType)
  if (!sps) return refuseVideoConfig('it holds no SPS')
  const chroma = record.readUInt8(16) & 3
  const deep = (record.readUInt8(17) & 7) + (record.readUInt8(18) & 7) > 0
  return {
    kind: 'hevc',
    record: Buffer.from(record),
    ...readSize(sps),
    codec: codecOf(record),
    parameterSets: sets.all(),
    common: chroma === 1 && !deep,
  }
}

/** ISO 14496-15, annex E.3: profile, compatibility in reversed bits, tier and level, constraints without trailing zeros. */
function codecOf(record: Buffer): string {
  const profile = record.readUInt8(1)
  const space = ['', 'A', 'B', 'C'][profile >> 6] ?? ''
  let compatibility = 0
  for (let bit = 0; bit < 32; bit++) {
    compatibility = compatibility * 2 + ((record.readUInt32BE(2) >>> bit) & 1)
  }
  const constraints = [...record.subarray(6, 12)]
  while (constraints.at(-1) === 0) constraints.pop()
  const tier = (profile & 0x20) === 0 ? 'L' : 'H'
  return [
    'hvc1',
    `${space}${profile & 0x1f}`,
    compatibility.toString(16),
    `${tier}${record.readUInt8(12)}`,
    ...constraints.map((byte) => byte.toString(16).toUpperCase()),
  ].join('.')
}

function readSize(sps: Buffer): { widthPx: number; heightPx: number } {
  try {
    return parseSpsSize(sps)
  } catch (error) {
    if (error instanceof BitsError) return refuseVideoConfig(`the SPS is malformed; ${error.message}`)
    throw error
  }
}

/** Picture size after cropping (ITU-T H.265, 7.3.2.2.1). */
function parseSpsSize(sps: Buffer): { widthPx: number; heightPx: number } {
  const bits = new BitReader(withoutEmulation(sps))
  bits.skip(16 + 4)
  const subLayers = bits.take(3)
  bits.skip(1)
  skipProfileTierLevel(bits, subLayers)
  bits.unsigned()
  const chroma = bits.unsigned()
  if (chroma === 3) bits.skip(1)
  const lumaWidth = bits.unsigned()
  const lumaHeight = bits.unsigned()
  const crop = [0, 0, 0, 0]
  if (bits.take(1)) for (let i = 0; i < 4; i++) crop[i] = bits.unsigned()
  const [left = 0, right = 0, top = 0, bottom = 0] = crop
  const widthPx = lumaWidth - (left + right) * (chroma === 1 || chroma === 2 ? 2 : 1)
  const heightPx = lumaHeight - (top + bottom) * (chroma === 1 ? 2 : 1)
  if (!(widthPx > 0 && heightPx > 0 && widthPx <= sizePxMax && heightPx <= sizePxMax)) {
    refuseVideoConfig('the picture size is out of range')
  }
  return { widthPx, heightPx }
}

function skipProfileTierLevel(bits: BitReader, subLayers: number): void {
  bits.skip(88 + 8)
  const present: [profile: number, level: number][] = []
  for (let i = 0; i < subLayers; i++) present.push([bits.take(1), bits.take(1)])
  if (subLayers > 0) bits.skip(2 * (8 - subLayers))
  for (const [profile, level] of present) bits.skip(88 * profile + 8 * level)
}
