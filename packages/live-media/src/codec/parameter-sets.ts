import { refuseVideoConfig } from '../ingest-sink.ts'

const setsMax = 64

/** Parameter sets of a configuration record as they stand in it: 16 bits of length, then the NAL unit. */
export class ParameterSetReader {
  readonly #record: Buffer
  readonly #sets: Buffer[] = []
  at: number

  constructor(record: Buffer, at: number) {
    this.#record = record
    this.at = at
  }

  /** @throws MediaFormatError at the end */
  byte(): number {
    if (this.at >= this.#record.length) refuseVideoConfig('it ends too early')
    return this.#record.readUInt8(this.at++)
  }

  /** @throws MediaFormatError at the end */
  short(): number {
    return this.byte() * 256 + this.byte()
  }

  /** @throws MediaFormatError when it is cut off or there are too many */
  take(count: number): void {
    for (let i = 0; i < count; i++) {
      const length = this.short()
      const end = this.at + length
      if (length === 0 || end > this.#record.length) refuseVideoConfig('it ends too early')
      if (this.#sets.length >= setsMax) refuseVideoConfig('it holds too many parameter sets')
      const set = Buffer.alloc(4 + length)
      set.writeUInt32BE(length, 0)
      this.#record.copy(set, 4, this.at, end)
      this.#sets.push(set)
      this.at = end
    }
  }

  /** The first set whose first byte fits, without its length. */
  find(fits: (first: number) => boolean): Buffer | null {
    return this.#sets.find((set) => fits(set.readUInt8(4)))?.subarray(4) ?? null
  }

  /** All of them, each led by its length in 4 bytes. */
  all(): Buffer {
    return Buffer.concat(this.#sets)
  }
}

/** A NAL unit's payload without the bytes that keep start codes out of it (H.264, 7.4.1; H.265, 7.4.2). */
export function withoutEmulation(nal: Buffer): Buffer {
  const out = Buffer.alloc(nal.length)
  let length = 0
  let zeros = 0
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    zeros = byte === 0 ? zeros + 1 : 0
    out[length++] = byte
  }
  return out.subarray(0, length)
}
