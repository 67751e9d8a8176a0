/**
 * Random numbers that are the same on every machine. `createRandom` is mulberry32 (public domain, Tommy Ettinger): a stream
 * for what is drawn in order. `drawOf` draws by name instead of by order, so that two desks under test meet the same luck
 * however often and in whatever order they ask. Exponentials and logarithms are V8's own port of fdlibm, alike everywhere.
 */
export interface Random {
  /** From 0 up to 1. */
  next(): number
  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** Lognormal with this median; `sigma` is the deviation of the logarithm. */
  lognormal(median: number, sigma: number): number
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    return mulberry(state)
  }
  return {
    next,
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick(items) {
      const item = items[Math.floor(next() * items.length)]
      if (item === undefined) throw new RangeError('nothing to pick from')
      return item
    },
    lognormal(median, sigma) {
      let sum = 0
      for (let n = 0; n < 12; n += 1) sum += next()
      // The sum of twelve uniform draws less 6 is normal enough, and cannot stray further than six deviations.
      return median * Math.exp(sigma * (sum - 6))
    },
  }
}

/** A draw from 0 up to 1 that depends on nothing but the seed and the names. */
export function drawOf(seed: number, ...names: readonly (string | number)[]): number {
  let hash = 0x811c9dc5 ^ seed
  const text = names.join('/')
  for (let n = 0; n < text.length; n += 1) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193)
  return mulberry(hash >>> 0)
}

/** mulberry32's mixing of a state into a draw. */
function mulberry(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}
