import { MediaFormatError } from '../ingest-sink.ts'

/** EBML (RFC 8794), the binary markup of Matroska: an id, a length, a payload. */

export const elementId = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  cluster: 0x1f43b675,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  audio: 0xe1,
  channels: 0x9f,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  referenceBlock: 0xfb,
} as const

export interface ElementHead {
  id: number
  headBytes: number
  /** Null when it is not said, as while a recording is being made. */
  lengthBytes: number | null
}

const idBytesMax = 4
const lengthBytesMax = 8

/** The head at the start of these bytes; null when it is not whole. @throws MediaFormatError */
export function readElementHead(bytes: Buffer): ElementHead | null {
  const id = readVint(bytes, 0, idBytesMax)
  if (!id) return null
  const length = readVint(bytes, id.size, lengthBytesMax)
  if (!length) return null
  return {
    id: id.withMarker,
    headBytes: id.size + length.size,
    lengthBytes: length.isAllOnes ? null : length.value,
  }
}

export interface Vint {
  value: number
  /** With the bit that marks its size, as ids are written. */
  withMarker: number
  size: number
  isAllOnes: boolean
}

/** A number of variable size; null when it is not whole. @throws MediaFormatError when it is longer than `sizeMax` or too large to count */
export function readVint(bytes: Buffer, at: number, sizeMax: number): Vint | null {
  const first = bytes[at]
  if (first === undefined) return null
  const size = Math.clz32(first) - 23
  if (size > sizeMax) throw new MediaFormatError('container', { detail: 'the recording is malformed' })
  if (bytes.length < at + size) return null
  let value = first & ((0x80 >> (size - 1)) - 1)
  let isAllOnes = value === (0x80 >> (size - 1)) - 1
  for (let i = 1; i < size; i++) {
    const byte = bytes[at + i] ?? 0
    value = value * 256 + byte
    isAllOnes &&= byte === 0xff
  }
  if (!isAllOnes && !Number.isSafeInteger(value))
    throw new MediaFormatError('container', { detail: 'a number of the recording is out of range' })
  return { value, withMarker: value + 2 ** (7 * size), size, isAllOnes }
}

export interface Element {
  id: number
  payload: Buffer
}

/** The elements that fill a payload. @throws MediaFormatError when their lengths do not add up */
export function elementsIn(payload: Buffer): Element[] {
  const elements: Element[] = []
  let at = 0
  while (at < payload.length) {
    const head = readElementHead(payload.subarray(at, at + idBytesMax + lengthBytesMax))
    const lengthBytes = head?.lengthBytes ?? null
    if (!head || lengthBytes === null || lengthBytes > payload.length - at - head.headBytes) {
      throw new MediaFormatError('container', { detail: 'the elements of the recording do not add up' })
    }
    const start = at + head.headBytes
    at = start + lengthBytes
    elements.push({ id: head.id, payload: payload.subarray(start, at) })
  }
  return elements
}

/** An unsigned number of up to 6 bytes, 0 when empty. @throws MediaFormatError */
export function unsignedOf(payload: Buffer): number {
  if (payload.length > 6)
    throw new MediaFormatError('container', { detail: 'a number of the recording is out of range' })
  return payload.length === 0 ? 0 : payload.readUIntBE(0, payload.length)
}
