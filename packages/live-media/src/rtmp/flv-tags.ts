import { messageType } from './rtmp-message.ts'

/** A tag of an FLV file: an RTMP message in all but the framing. */
export interface FlvTag {
  typeId: number
  timestampMs: number
  body: Buffer
}

const fileHeadBytes = 9
const tagHeadBytes = 11
const tagTailBytes = 4
const known: ReadonlySet<number> = new Set([messageType.audio, messageType.video, messageType.dataAmf0])

/**
 * Reads the tags of an FLV file (Adobe's FLV specification 10.1, annex E).
 * @throws RangeError when it is not one or is cut off
 */
export function readFlvTags(file: Buffer): FlvTag[] {
  if (file.length < fileHeadBytes || file.toString('latin1', 0, 3) !== 'FLV') throw new RangeError('not an FLV file')
  const tags: FlvTag[] = []
  let at = file.readUInt32BE(5) + tagTailBytes
  while (at < file.length) {
    if (at + tagHeadBytes > file.length) throw new RangeError('the FLV file is cut off')
    const typeId = file.readUInt8(at) & 0x1f
    const end = at + tagHeadBytes + file.readUIntBE(at + 1, 3)
    if (end > file.length) throw new RangeError('the FLV file is cut off')
    const timestampMs = file.readUInt8(at + 7) * 0x1000000 + file.readUIntBE(at + 4, 3)
    if (known.has(typeId)) tags.push({ typeId, timestampMs, body: file.subarray(at + tagHeadBytes, end) })
    at = end + tagTailBytes
  }
  return tags
}
