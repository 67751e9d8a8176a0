/** One message of an FLV file. `timestampMs` counts from the start of the file. */
export interface FlvTag {
  readonly type: 'audio' | 'video' | 'script'
  readonly timestampMs: number
  readonly body: Buffer
  /** Decoder configuration (AVC or AAC sequence header), sent once and not again on a loop. */
  readonly config: boolean
}

const KINDS = { 8: 'audio', 9: 'video', 18: 'script' } as const

/**
 * Reads all tags of an FLV file. Throws a RangeError when the file is cut off or is no FLV.
 * Source: Adobe Flash Video File Format Specification 10.1, annex E.
 */
export function readFlv(file: Buffer): FlvTag[] {
  if (file.toString('latin1', 0, 3) !== 'FLV') throw new RangeError('not an FLV file')
  const tags: FlvTag[] = []
  let offset = file.readUInt32BE(5) + 4
  while (offset + 11 <= file.length) {
    const kind = KINDS[file.readUInt8(offset) as keyof typeof KINDS]
    const size = file.readUIntBE(offset + 1, 3)
    const timestampMs = file.readUIntBE(offset + 4, 3) + file.readUInt8(offset + 7) * 0x1000000
    const body = file.subarray(offset + 11, offset + 11 + size)
    if (body.length < size) throw new RangeError('FLV file is cut off')
    if (kind && size > 1) tags.push({ type: kind, timestampMs, body, config: kind !== 'script' && body[1] === 0 })
    offset += 11 + size + 4
  }
  return tags
}
