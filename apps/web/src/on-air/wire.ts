import {
  PUBLISH_AUDIO,
  PUBLISH_FLAG_KEY,
  PUBLISH_HEAD_BYTES,
  PUBLISH_KIND,
  type PublishServerMessage,
} from '@chunbo/contract/publish'

/** Messages of the publishing socket as bytes; docs/browser-publishing.md has their form. */

export interface MessageHead {
  kind: number
  key?: boolean
  /** On the page's clock. */
  dtsUs?: number
}

/** A message with room for `sizeBytes` after its head; `fill` writes them. */
export function makeMessage(head: MessageHead, sizeBytes: number, fill: (room: Uint8Array) => void): Uint8Array {
  const message = new Uint8Array(PUBLISH_HEAD_BYTES + sizeBytes)
  const view = new DataView(message.buffer)
  view.setUint8(0, head.kind)
  view.setUint8(1, head.key === true ? PUBLISH_FLAG_KEY : 0)
  view.setBigInt64(4, BigInt(Math.round(head.dtsUs ?? 0)))
  fill(message.subarray(PUBLISH_HEAD_BYTES))
  return message
}

export function videoConfigMessage(avcC: Uint8Array): Uint8Array {
  return makeMessage({ kind: PUBLISH_KIND.videoConfig }, avcC.length, (room) => room.set(avcC))
}

/** `specificConfig` is that of AAC; without one it is Opus. */
export function audioConfigMessage(channels: number, specificConfig: Uint8Array | null): Uint8Array {
  const bytes = specificConfig ? [PUBLISH_AUDIO.aac, ...specificConfig] : [PUBLISH_AUDIO.opus, channels]
  return makeMessage({ kind: PUBLISH_KIND.audioConfig }, bytes.length, (room) => room.set(bytes))
}

export function containerMessage(bytes: Uint8Array): Uint8Array {
  return makeMessage({ kind: PUBLISH_KIND.container }, bytes.length, (room) => room.set(bytes))
}

/** What the server said, or null when this page is too old to know it. */
export function readServerMessage(text: string): PublishServerMessage | null {
  try {
    const message: unknown = JSON.parse(text)
    return typeof message === 'object' && message !== null && 't' in message ? (message as PublishServerMessage) : null
  } catch {
    return null
  }
}

/** The bytes of a codec's description, in whichever of its forms a browser gives it. */
export function bytesOf(description: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength).slice()
    : new Uint8Array(description).slice()
}
