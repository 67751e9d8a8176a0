import { type Amf0Value, encodeAmf0 } from './amf0.ts'
import { audioFourCcs, videoFourCcs } from './flv-enhanced.ts'
import { writeRtmpMessage } from './rtmp-chunk-writer.ts'
import { messageType } from './rtmp-message.ts'

/** What the server sends stays under one chunk of this size, which it announces first. */
const serverChunkBytes = 4096
export const serverWindowBytes = 2_500_000

const controlChunkStream = 2
const commandChunkStream = 3

export function control(typeId: number, value: number, limitType?: number): Buffer {
  const payload = Buffer.alloc(limitType === undefined ? 4 : 5)
  payload.writeUInt32BE(value % 0x100000000)
  if (limitType !== undefined) payload.writeUInt8(limitType, 4)
  return writeRtmpMessage(controlChunkStream, { typeId, streamId: 0, timestampMs: 0, payload }, serverChunkBytes)
}

/** Answer to a ping request, carrying its time back. */
export function pong(request: Buffer): Buffer {
  const payload = Buffer.concat([Buffer.of(0, 7), request.subarray(2, 6)])
  const message = { typeId: messageType.userControl, streamId: 0, timestampMs: 0, payload }
  return writeRtmpMessage(controlChunkStream, message, serverChunkBytes)
}

export function command(streamId: number, ...values: Amf0Value[]): Buffer {
  const message = { typeId: messageType.commandAmf0, streamId, timestampMs: 0, payload: encodeAmf0(values) }
  return writeRtmpMessage(commandChunkStream, message, serverChunkBytes)
}

export function status(streamId: number, level: 'status' | 'error', code: string, description: string): Buffer {
  return command(streamId, 'onStatus', 0, null, { level, code, description })
}

/** Enhanced RTMP v2: what can be done with a codec; nothing here is decoded. */
const canForward = 4
/** Bits of `capsEx`: multitrack, of which track 0 is taken, and modifiers of messages. */
const extendedCapabilities = 2 + 4

/** `enhanced` for clients that told which codecs they know; others are not confused with what they did not ask for. */
export function connectAccepted(transaction: number, enhanced: boolean): Buffer {
  const masks = (fourCcs: readonly string[]): Amf0Value => Object.fromEntries(fourCcs.map((name) => [name, canForward]))
  const codecs = {
    fourCcList: [...videoFourCcs, ...audioFourCcs],
    videoFourCcInfoMap: masks(videoFourCcs),
    audioFourCcInfoMap: masks(audioFourCcs),
    capsEx: extendedCapabilities,
  }
  const properties = { fmsVer: 'FMS/3,0,1,123', capabilities: 31, ...(enhanced ? codecs : {}) }
  return Buffer.concat([
    control(messageType.windowSize, serverWindowBytes),
    control(messageType.peerBandwidth, serverWindowBytes, 2),
    control(messageType.setChunkSize, serverChunkBytes),
    command(0, '_result', transaction, properties, {
      level: 'status',
      code: 'NetConnection.Connect.Success',
      description: 'connected',
      objectEncoding: 0,
    }),
  ])
}
