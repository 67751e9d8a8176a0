import { u8, u16 } from '../mux/mp4-boxes.ts'

/**
 * H.264 as a byte stream (ITU-T H.264, annex B), as Chromium's recorder writes it into Matroska: start codes instead of lengths, and the
 * parameter sets in the key frames instead of in a configuration record.
 */

const typeSps = 7
const typePps = 8
const setsMax = 32

/** The NAL units between the start codes; empty when there is none. */
export function splitAnnexB(data: Buffer): Buffer[] {
  const units: Buffer[] = []
  let start = -1
  let at = data.indexOf(startCode)
  while (at >= 0) {
    if (start >= 0) addUnit(units, data.subarray(start, at))
    start = at + startCode.length
    at = data.indexOf(startCode, start)
  }
  if (start >= 0) addUnit(units, data.subarray(start))
  return units
}

const startCode = Buffer.from([0, 0, 1])

/** Zeros before a start code belong to it (trailing_zero_8bits), since a NAL unit never ends with one. */
function addUnit(units: Buffer[], unit: Buffer): void {
  let end = unit.length
  while (end > 0 && unit[end - 1] === 0) end--
  if (end > 0) units.push(unit.subarray(0, end))
}

/** NAL units as samples carry them: each led by its length in 4 bytes. */
export function toLengthPrefixed(units: readonly Buffer[]): Buffer {
  const out = Buffer.allocUnsafe(units.reduce((sum, unit) => sum + 4 + unit.length, 0))
  let at = 0
  for (const unit of units) {
    at = out.writeUInt32BE(unit.length, at)
    at += unit.copy(out, at)
  }
  return out
}

/** The AVCDecoderConfigurationRecord of the parameter sets among these NAL units; null when they are not all there. */
export function makeAvcConfig(units: readonly Buffer[]): Buffer | null {
  const ofType = (type: number) => units.filter((unit) => ((unit[0] ?? 0) & 0x1f) === type && unit.length <= 0xffff)
  const sps = ofType(typeSps)
  const pps = ofType(typePps)
  const [first] = sps
  if (!first || first.length < 4 || pps.length === 0 || sps.length + pps.length > setsMax) return null
  const listed = (sets: readonly Buffer[]) => sets.flatMap((set) => [u16(set.length), set])
  return Buffer.concat([
    u8(1, first[1] ?? 0, first[2] ?? 0, first[3] ?? 0, 0xff, 0xe0 | sps.length),
    ...listed(sps),
    u8(pps.length),
    ...listed(pps),
  ])
}
