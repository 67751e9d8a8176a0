/** Frames of a server (RFC 6455, 5.2): final, unmasked, and so the same bytes for every client. */

const TEXT = 0x81
const BINARY = 0x82

/** A whole text message. */
export function frameText(text: string): Buffer {
  const size = Buffer.byteLength(text)
  const headBytes = headSize(size)
  const frame = Buffer.allocUnsafe(headBytes + size)
  writeHead(frame, TEXT, size)
  frame.write(text, headBytes, 'utf8')
  return frame
}

/** A whole binary message. */
export function frameBinary(payload: Buffer): Buffer {
  const headBytes = headSize(payload.length)
  const frame = Buffer.allocUnsafe(headBytes + payload.length)
  writeHead(frame, BINARY, payload.length)
  payload.copy(frame, headBytes)
  return frame
}

/** A frame of control: close, ping or pong. `payload` of at most 125 bytes. */
export function frameControl(opcode: 8 | 9 | 10, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload])
}

/** Bytes before the payload of a frame. */
export function headSize(size: number): number {
  return size < 126 ? 2 : size < 65_536 ? 4 : 10
}

/** Writes the head of a frame with `size` bytes of payload; `first` is its first byte. */
export function writeHead(frame: Buffer, first: number, size: number): void {
  frame[0] = first
  const headBytes = headSize(size)
  if (headBytes === 2) {
    frame[1] = size
  } else if (headBytes === 4) {
    frame[1] = 126
    frame.writeUInt16BE(size, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(size), 2)
  }
}
