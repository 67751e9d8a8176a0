import { MediaFormatError } from '../ingest-sink.ts'
import { type Mp4Box, readBoxes } from './mp4-boxes.ts'

/** The boxes that fill a payload. @throws MediaFormatError when their lengths do not add up */
export function boxesIn(payload: Buffer): Mp4Box[] {
  try {
    return readBoxes(payload)
  } catch {
    throw new MediaFormatError('container', { detail: 'the boxes of the recording do not add up' })
  }
}

/** The payload found by going down a path of types, the first of each; null when one is missing. */
export function payloadAt(payload: Buffer, path: readonly string[]): Buffer | null {
  let here: Buffer | undefined = payload
  for (const type of path) {
    here = boxesIn(here).find((box) => box.type === type)?.payload
    if (!here) return null
  }
  return here
}

/** Reads numbers of a box one after the other; past the end it throws MediaFormatError, so that no parser reads what is not there. */
export class BoxCursor {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    return this.#advance(1).readUInt8(0)
  }

  u32(): number {
    return this.#advance(4).readUInt32BE(0)
  }

  i32(): number {
    return this.#advance(4).readInt32BE(0)
  }

  /** A 64-bit number, which must be one that JavaScript can count to. */
  u64(): number {
    const value = Number(this.#advance(8).readBigUInt64BE(0))
    if (!Number.isSafeInteger(value))
      throw new MediaFormatError('container', { detail: 'a number of the recording is out of range' })
    return value
  }

  skip(count: number): void {
    this.#advance(count)
  }

  take(count: number): Buffer {
    return this.#advance(count)
  }

  #advance(count: number): Buffer {
    if (count > this.left) throw new MediaFormatError('container', { detail: 'a box of the recording ends too early' })
    const bytes = this.#bytes.subarray(this.#at, this.#at + count)
    this.#at += count
    return bytes
  }
}
