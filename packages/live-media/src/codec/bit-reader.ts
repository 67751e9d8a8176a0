/** Fewer bits than a field needs, or a number too long to be one. */
export class BitsError extends Error {
  override name = 'BitsError'
}

/** Bits from the most significant on. Reading past the end throws BitsError, so no parser loops on garbage. */
export class BitReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Up to 32 bits as an unsigned number. */
  take(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++) {
      const byte = this.#bytes[this.#at >> 3]
      if (byte === undefined) throw new BitsError('it ends too early')
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1)
      this.#at++
    }
    return value
  }

  skip(count: number): void {
    this.#at += count
  }

  /** Exp-Golomb ue(v). */
  unsigned(): number {
    let zeros = 0
    while (this.take(1) === 0) {
      if (++zeros > 31) throw new BitsError('a number is out of range')
    }
    return 2 ** zeros - 1 + this.take(zeros)
  }

  /** Exp-Golomb se(v). */
  signed(): number {
    const code = this.unsigned()
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2
  }
}
