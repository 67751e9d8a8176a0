export interface Rate {
  readonly burst: number
  readonly perS: number
}

/** So many at once, then so many a second. Time is handed in, in ms of a clock that never jumps. */
export class TokenBucket {
  readonly #rate: Rate
  #tokens: number
  #atMs: number

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate
    this.#tokens = rate.burst
    this.#atMs = nowMs
  }

  /** Takes one token. Returns 0 when it was there, else the ms after which one will be. */
  take(nowMs: number): number {
    this.#refill(nowMs)
    if (this.#tokens >= 1) {
      this.#tokens -= 1
      return 0
    }
    return Math.ceil(((1 - this.#tokens) / this.#rate.perS) * 1000)
  }

  /** Takes as many of `wanted` as there are, and returns how many. */
  takeUpTo(wanted: number, nowMs: number): number {
    this.#refill(nowMs)
    const taken = Math.min(wanted, Math.floor(this.#tokens))
    this.#tokens -= taken
    return taken
  }

  /** Whether it is as good as new, so that it need not be remembered. */
  isFull(nowMs: number): boolean {
    this.#refill(nowMs)
    return this.#tokens >= this.#rate.burst
  }

  #refill(nowMs: number): void {
    const passedS = Math.max(0, nowMs - this.#atMs) / 1000
    this.#atMs = Math.max(this.#atMs, nowMs)
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + passedS * this.#rate.perS)
  }
}

/** Buckets by key (a user, an address). Full ones are forgotten by `sweep`, so the map is bounded by who was active lately. */
export class TokenBuckets<Key> {
  readonly #rate: Rate
  readonly #buckets = new Map<Key, TokenBucket>()

  constructor(rate: Rate) {
    this.#rate = rate
  }

  /** As TokenBucket.take, for one key. */
  take(key: Key, nowMs: number): number {
    let bucket = this.#buckets.get(key)
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#rate, nowMs)
      this.#buckets.set(key, bucket)
    }
    return bucket.take(nowMs)
  }

  sweep(nowMs: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(nowMs)) this.#buckets.delete(key)
  }

  get size(): number {
    return this.#buckets.size
  }
}

/** Buckets that several holders of a key take from together. One is remembered while it is held, and after that until it is full. */
export class HeldBuckets<Key> {
  readonly #rate: Rate
  readonly #held = new Map<Key, { count: number; readonly bucket: TokenBucket }>()

  constructor(rate: Rate) {
    this.#rate = rate
  }

  hold(key: Key, nowMs: number): TokenBucket {
    const known = this.#held.get(key)
    if (known !== undefined) {
      known.count += 1
      return known.bucket
    }
    const bucket = new TokenBucket(this.#rate, nowMs)
    this.#held.set(key, { count: 1, bucket })
    return bucket
  }

  /** To be called once for each hold. */
  release(key: Key): void {
    const known = this.#held.get(key)
    if (known !== undefined) known.count -= 1
  }

  countOf(key: Key): number {
    return this.#held.get(key)?.count ?? 0
  }

  sweep(nowMs: number): void {
    for (const [key, { count, bucket }] of this.#held) if (count <= 0 && bucket.isFull(nowMs)) this.#held.delete(key)
  }
}
