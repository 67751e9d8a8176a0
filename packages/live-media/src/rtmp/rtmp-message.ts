export interface RtmpMessage {
  typeId: number
  /** Message stream: 0 for control, then what createStream gave. */
  streamId: number
  /** Unsigned 32 bits, wraps after 49.7 days. */
  timestampMs: number
  payload: Buffer
}

/** Message types of the RTMP specification, 5.4 and 7.1. */
export const messageType = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowSize: 5,
  peerBandwidth: 6,
  audio: 8,
  video: 9,
  dataAmf3: 15,
  commandAmf3: 17,
  dataAmf0: 18,
  commandAmf0: 20,
} as const

/** The peer broke the protocol or a limit; the connection cannot go on. */
export class RtmpProtocolError extends Error {
  override name = 'RtmpProtocolError'
}
