import { createHash } from 'node:crypto'

export interface KeyGuardOptions {
  now: () => number
  /** Told without looking the key up, as by a signature in it. */
  isOwnKey: (streamKey: string) => boolean
}

interface Bucket {
  tokens: number
  atMs: number
}

/** Wrong keys an address may try at once, and how soon it gets another try. */
const triesMax = 10
const tryEveryMs = 6_000
/** Keys of unknown make that are looked up in a second, whoever asks. */
const looksMax = 20
const lookEveryMs = 50
/** How long a key that was not found is remembered. */
const wrongMs = 10_000
const addressesMax = 10_000
const wrongKeysMax = 4_096

/**
 * Stands between the RTMP port and the look-up of stream keys. Keys of the site's own make are looked up always, so a
 * publisher with a good key comes in while somebody behind the same address tries five hundred a second; of all others
 * only a few are looked up. Memory is bounded: what is oldest is forgotten.
 */
export class KeyGuard {
  readonly #options: KeyGuardOptions
  readonly #addresses = new Map<string, Bucket>()
  readonly #looks: Bucket = { tokens: looksMax, atMs: 0 }
  /** What opened nothing, and until when that holds; by digest, so that no dump of memory gives keys away. */
  readonly #wrong = new Map<string, { untilMs: number; denial: unknown }>()

  constructor(options: KeyGuardOptions) {
    this.#options = options
  }

  /** Addresses and keys that are remembered, for tests. */
  get size(): number {
    return this.#addresses.size + this.#wrong.size
  }

  /** Looks a key up, unless it is known to open nothing or there were too many of them. */
  async look<T extends object>(
    address: string,
    streamKey: string,
    find: () => Promise<T | null>,
    isDenial: (found: T) => boolean,
  ): Promise<T | 'key_wrong' | 'too_many_tries'> {
    const nowMs = this.#options.now()
    const digest = createHash('sha256').update(streamKey).digest('base64')
    const known = this.#wrong.get(digest)
    const isKnown = known !== undefined && known.untilMs > nowMs
    const bucket = this.#bucketOf(address, nowMs)
    const own = !isKnown && this.#options.isOwnKey(streamKey)
    if (!own) {
      // A try is taken before the answer is known, or a thousand at once would all be let through.
      if (!take(bucket)) return 'too_many_tries'
      if (isKnown) return (known.denial as T | null) ?? 'key_wrong'
      refill(this.#looks, nowMs, looksMax, lookEveryMs)
      if (!take(this.#looks)) return 'too_many_tries'
    }
    const found = await find()
    if (found === null || isDenial(found)) {
      remember(this.#wrong, digest, { untilMs: nowMs + wrongMs, denial: found }, wrongKeysMax)
      return found ?? 'key_wrong'
    }
    if (!own) {
      bucket.tokens = Math.min(triesMax, bucket.tokens + 1)
      this.#looks.tokens = Math.min(looksMax, this.#looks.tokens + 1)
    }
    return found
  }

  #bucketOf(address: string, nowMs: number): Bucket {
    const bucket = this.#addresses.get(address) ?? { tokens: triesMax, atMs: nowMs }
    refill(bucket, nowMs, triesMax, tryEveryMs)
    remember(this.#addresses, address, bucket, addressesMax)
    return bucket
  }
}

function refill(bucket: Bucket, nowMs: number, tokensMax: number, everyMs: number): void {
  bucket.tokens = Math.min(tokensMax, bucket.tokens + Math.max(0, nowMs - bucket.atMs) / everyMs)
  bucket.atMs = nowMs
}

function take(bucket: Bucket): boolean {
  if (bucket.tokens < 1) return false
  bucket.tokens--
  return true
}

/** The newest stands last, so the first one is the oldest. */
function remember<T>(map: Map<string, T>, key: string, value: T, sizeMax: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > sizeMax && oldest !== undefined) map.delete(oldest)
}
