/** ISO base media file format (ISO 14496-12): every box is its length, a four-letter type and a payload. */
export function box(type: string, ...parts: Buffer[]): Buffer {
  const lengthBytes = parts.reduce((sum, part) => sum + part.length, 8)
  const head = Buffer.allocUnsafe(8)
  head.writeUInt32BE(lengthBytes, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, ...parts], lengthBytes)
}

export function fullBox(type: string, version: number, flags: number, ...parts: Buffer[]): Buffer {
  return box(type, u32(version * 0x1000000 + flags), ...parts)
}

export function u8(...values: number[]): Buffer {
  return Buffer.from(values)
}

export function u16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2)
  bytes.writeUInt16BE(value)
  return bytes
}

export function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function zeros(count: number): Buffer {
  return Buffer.alloc(count)
}

export interface Mp4Box {
  type: string
  /** Payload after the 8-byte head. */
  payload: Buffer
}

/**
 * Splits a buffer into the boxes that fill it.
 * @throws RangeError when the lengths do not add up
 */
export function readBoxes(bytes: Buffer): Mp4Box[] {
  const boxes: Mp4Box[] = []
  let at = 0
  while (at < bytes.length) {
    if (at + 8 > bytes.length) throw new RangeError('a box head is cut off')
    const length = bytes.readUInt32BE(at)
    if (length < 8 || length > bytes.length - at) throw new RangeError('a box length does not fit')
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), payload: bytes.subarray(at + 8, at + length) })
    at += length
  }
  return boxes
}
