import type { RtmpMessage } from './rtmp-message.ts'

const extendedMark = 0xffffff

/**
 * Writes a message as chunks: one full header, then continuations. Sending absolute times always costs a few bytes and
 * leaves no state to get wrong.
 */
export function writeRtmpMessage(chunkStreamId: number, message: RtmpMessage, chunkBytes: number): Buffer {
  const { payload } = message
  const timestampMs = message.timestampMs % 0x100000000
  const extended = timestampMs >= extendedMark
  const tail = Buffer.alloc(extended ? 4 : 0)
  if (extended) tail.writeUInt32BE(timestampMs)
  const head = Buffer.alloc(12)
  head.writeUInt8(chunkStreamId, 0)
  head.writeUIntBE(extended ? extendedMark : timestampMs, 1, 3)
  head.writeUIntBE(payload.length, 4, 3)
  head.writeUInt8(message.typeId, 7)
  head.writeUInt32LE(message.streamId, 8)
  const pieces = [head, tail, payload.subarray(0, chunkBytes)]
  for (let at = chunkBytes; at < payload.length; at += chunkBytes) {
    pieces.push(Buffer.of(0xc0 | chunkStreamId), tail, payload.subarray(at, at + chunkBytes))
  }
  return Buffer.concat(pieces)
}
