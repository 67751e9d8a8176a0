/**
 * How a live picture comes, the quickest first: `socket` is fragmented MP4 over a WebSocket into Media Source, `llhls` low-latency HLS by
 * hls.js, `native` the same playlist played by the browser itself.
 */
export type Way = 'socket' | 'llhls' | 'native'

/**
 * Why a way ended. `unsupported`: this browser cannot play it, now or later. `decoder`: what came could not be decoded. `refused`: no
 * connection. `silent`: connected, but no picture came in time. `broke`: it had played.
 */
export type Fault = 'unsupported' | 'decoder' | 'refused' | 'silent' | 'broke'

/** What the browser can do. */
export interface Ability {
  readonly mediaSource: boolean
  readonly nativeHls: boolean
}

/** The ways to try, in order, of those that the server offers. */
export function waysFor(offered: readonly ('socket' | 'llhls')[], can: Ability): Way[] {
  return offered.flatMap((way): Way[] => {
    if (way === 'socket') return can.mediaSource ? ['socket'] : []
    return [...(can.mediaSource ? (['llhls'] as const) : []), ...(can.nativeHls ? (['native'] as const) : [])]
  })
}

/**
 * Which way is taken, and when another. A way that has played gets a few tries more, for a line may just have gone; one that never did is
 * left at once, so that somebody sees a picture soon. When nothing is left it begins at the top again, more and more slowly. A better way
 * is tried again only where the show is interrupted anyway, and each time it fails that is put off twice as long: a picture that plays is
 * never cut for less delay.
 */
export interface WayChooser {
  /** Null when this browser can play none of them. */
  readonly current: Way | null
  /** The current way has failed: what to try next, and after how long. */
  failed(fault: Fault, nowMs: number): { way: Way | null; waitMs: number }
  /** The current way has played for a while. */
  worked(): void
  /** The show is interrupted: true when a better way has become the current one. */
  rise(nowMs: number): boolean
}

const TRIES_AFTER_PLAY = 3
const WAIT_MS_FIRST = 250
const WAIT_MS_MAX = 8_000
const RISE_MS_FIRST = 60_000
const RISE_MS_MAX = 15 * 60_000

/** `random` in [0, 1) spreads the waits: a whole room loses its line in one instant and must not return in one. */
export function createWayChooser(ways: readonly Way[], random: () => number = Math.random): WayChooser {
  const barred = new Set<Way>()
  const proven = new Set<Way>()
  let at = 0
  let fails = 0
  let rounds = 0
  let fellMs = Number.NEGATIVE_INFINITY
  let riseMs = RISE_MS_FIRST
  const open = () => ways.filter((way) => !barred.has(way))
  const current = () => open()[at] ?? null
  const waitMs = (n: number) => (0.5 + random() / 2) * Math.min(WAIT_MS_MAX, WAIT_MS_FIRST * 2 ** Math.min(n, 10))

  function fall(nowMs: number): number {
    fails = 0
    if (at === 0) fellMs = nowMs
    at += 1
    if (at < open().length) return rounds === 0 ? 0 : waitMs(rounds)
    at = 0
    rounds += 1
    return waitMs(rounds)
  }
  return {
    get current() {
      return current()
    },
    failed(fault, nowMs) {
      const way = current()
      if (way === null) return { way: null, waitMs: 0 }
      if (fault === 'unsupported') {
        barred.add(way)
        fails = 0
        if (at < open().length) return { way: current(), waitMs: 0 }
        at = 0
        rounds += 1
        return { way: current(), waitMs: waitMs(rounds) }
      }
      fails += 1
      if (fault !== 'decoder' && proven.has(way) && fails < TRIES_AFTER_PLAY) return { way, waitMs: waitMs(fails) }
      proven.delete(way)
      const wait = fall(nowMs)
      return { way: current(), waitMs: wait }
    },
    worked() {
      const way = current()
      if (way !== null) proven.add(way)
      fails = 0
      rounds = 0
    },
    rise(nowMs) {
      if (at === 0 || nowMs - fellMs < riseMs) return false
      riseMs = Math.min(RISE_MS_MAX, riseMs * 2)
      at = 0
      fails = 0
      return true
    },
  }
}
