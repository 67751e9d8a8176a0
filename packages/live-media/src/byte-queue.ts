/** Bytes that arrive in pieces of any size and are read in others. Taking is linear in what is taken, however small the pieces were. */
export class ByteQueue {
  readonly #pieces: Buffer[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  push(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#pieces.push(bytes)
    this.#length += bytes.length
  }

  /** The first `count` bytes, which stay; fewer when there are not so many. Meant for heads of a few bytes. */
  peek(count: number): Buffer {
    const first = this.#pieces[0]
    if (first && first.length >= count) return first.subarray(0, count)
    const found: Buffer[] = []
    let missing = count
    for (const piece of this.#pieces) {
      if (missing <= 0) break
      found.push(piece.subarray(0, missing))
      missing -= piece.length
    }
    return Buffer.concat(found)
  }

  /** Takes exactly `count` bytes; the caller has asked for `length` before. */
  take(count: number): Buffer {
    const taken: Buffer[] = []
    this.#consume(count, (piece) => taken.push(piece))
    return taken.length === 1 && taken[0] ? taken[0] : Buffer.concat(taken, count)
  }

  /** Throws away up to `count` bytes and says how many there were. */
  drop(count: number): number {
    const dropped = Math.min(count, this.#length)
    this.#consume(dropped, () => {})
    return dropped
  }

  #consume(count: number, use: (piece: Buffer) => void): void {
    let missing = count
    let whole = 0
    while (missing > 0) {
      const piece = this.#pieces[whole]
      if (!piece) throw new RangeError('more bytes were asked for than have arrived')
      if (piece.length > missing) {
        use(piece.subarray(0, missing))
        this.#pieces[whole] = piece.subarray(missing)
        missing = 0
      } else {
        use(piece)
        missing -= piece.length
        whole++
      }
    }
    this.#pieces.splice(0, whole)
    this.#length -= count
  }
}
