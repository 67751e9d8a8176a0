/** A message encoded once for everybody: `wire` is the whole WebSocket frame, `payload` the JSON in it (the same memory). */
export interface SharedFrame {
  readonly wire: Buffer
  readonly payload: Buffer
}

/** Frames text as one final, unmasked, uncompressed text frame (RFC 6455, 5.2), which every client of every negotiation accepts. */
export function frameText(text: string): SharedFrame {
  const size = Buffer.byteLength(text)
  const headSize = size < 126 ? 2 : size < 65_536 ? 4 : 10
  const wire = Buffer.allocUnsafe(headSize + size)
  wire[0] = 0x81
  if (headSize === 2) {
    wire[1] = size
  } else if (headSize === 4) {
    wire[1] = 126
    wire.writeUInt16BE(size, 2)
  } else {
    wire[1] = 127
    wire.writeBigUInt64BE(BigInt(size), 2)
  }
  wire.write(text, headSize, 'utf8')
  return { wire, payload: wire.subarray(headSize) }
}
