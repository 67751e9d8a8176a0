/** Seeded numbers for the fuzzer: a run is had again by its seed. */
export class FuzzRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** A whole number from 0 to below `end` (mulberry32). */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * end)
  }

  /** True in one of `n` cases. */
  once(n: number): boolean {
    return this.below(n) === 0
  }

  pick<T>(list: readonly T[]): T {
    const chosen = list[this.below(list.length)]
    if (chosen === undefined) throw new RangeError('nothing to pick from')
    return chosen
  }

  bytes(lengthMax: number): Buffer {
    const bytes = Buffer.allocUnsafe(this.below(lengthMax + 1))
    for (let at = 0; at < bytes.length; at++) bytes[at] = this.below(256)
    return bytes
  }

  /** A damaged copy of something real: bytes changed, cut out, doubled, put in or cut off, lengths made extreme. */
  damage(real: Buffer): Buffer {
    let bytes: Buffer = Buffer.from(real)
    for (let blows = 1 + this.below(4); blows > 0; blows--) bytes = this.#blow(bytes)
    return bytes
  }

  #blow(bytes: Buffer): Buffer {
    const at = this.below(bytes.length + 1)
    switch (this.below(7)) {
      case 0:
      case 1:
        if (at < bytes.length) bytes[at] = this.below(256)
        return bytes
      case 2:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << this.below(8))
        return bytes
      case 3:
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + this.below(16))])
      case 4:
        return Buffer.concat([bytes.subarray(0, at), this.bytes(16), bytes.subarray(at)])
      case 5:
        return bytes.subarray(0, at)
      default: {
        const extremes = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]
        if (at + 4 <= bytes.length) bytes.writeUInt32BE(this.pick(extremes), at)
        return bytes
      }
    }
  }
}
