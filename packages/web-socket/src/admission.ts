import { isIPv6 } from 'node:net'
import { HeldBuckets, type Rate, TokenBucket, TokenBuckets } from './token-bucket.ts'

/** How many sockets a process takes, and how fast. */
export interface AdmissionLimits {
  readonly socketsMax: number
  readonly socketsByAddressMax: number
  /** New sockets of the process; a full room that was thrown out at once may come back at once. */
  readonly joins: Rate
  /** New sockets, by address. */
  readonly joinsByAddress: Rate
  /** Any message, all sockets of one address together. */
  readonly messagesByAddress: Rate
}

/** A place that was given: `messages` is the limit of all sockets of its address together. */
export interface Place {
  /** Gives it back; may be called again. */
  release(): void
  readonly messages: TokenBucket
}
/** Either a place or the HTTP status to refuse the upgrade with. */
export type Admission =
  | { readonly admitted: true; readonly place: Place }
  | { readonly admitted: false; readonly status: 429 | 503; readonly retryAfterS: number }

/** Those who are sent away together are told different times, or they would return together. */
const SPREAD_S = 5

/** Bounds sockets of the process and of one address, before a handshake is paid for. */
export class Admissions {
  readonly #limits: AdmissionLimits
  readonly #joinsByAddress: TokenBuckets<string>
  readonly #joins: TokenBucket
  readonly #addresses: HeldBuckets<string>
  readonly #random: () => number
  #sockets = 0

  /** `random` gives numbers in [0, 1). */
  constructor(limits: AdmissionLimits, steadyMs: number, random: () => number = Math.random) {
    this.#limits = limits
    this.#joinsByAddress = new TokenBuckets(limits.joinsByAddress)
    this.#joins = new TokenBucket(limits.joins, steadyMs)
    this.#addresses = new HeldBuckets(limits.messagesByAddress)
    this.#random = random
  }

  get sockets(): number {
    return this.#sockets
  }

  /** `address` is the client's IP; `steadyMs` of a clock that never jumps. */
  ask(address: string, steadyMs: number): Admission {
    const key = addressKey(address)
    const waitMs = this.#joinsByAddress.take(key, steadyMs)
    if (waitMs > 0) return this.#refuse(429, Math.ceil(waitMs / 1000))
    if (this.#addresses.countOf(key) >= this.#limits.socketsByAddressMax) return this.#refuse(429, 30)
    if (this.#sockets >= this.#limits.socketsMax) return this.#refuse(503, 10)
    if (this.#joins.take(steadyMs) > 0) return this.#refuse(503, 1)
    const messages = this.#addresses.hold(key, steadyMs)
    this.#sockets += 1
    let released = false
    const release = () => {
      if (released) return
      released = true
      this.#sockets -= 1
      this.#addresses.release(key)
    }
    return { admitted: true, place: { messages, release } }
  }

  sweep(steadyMs: number): void {
    this.#joinsByAddress.sweep(steadyMs)
    this.#addresses.sweep(steadyMs)
  }

  #refuse(status: 429 | 503, leastS: number): Admission {
    return { admitted: false, status, retryAfterS: leastS + Math.floor(this.#random() * SPREAD_S) }
  }
}

/** An IPv6 customer has a /64 to himself, so that is what counts as one address. */
function addressKey(address: string): string {
  if (!isIPv6(address)) return address
  if (address.startsWith('::ffff:')) return address.slice(7)
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail === undefined) return groups.slice(0, 4).join(':')
  const tailGroups = tail === '' ? [] : tail.split(':')
  const zeros = Array<string>(Math.max(0, 8 - groups.length - tailGroups.length)).fill('0')
  return [...groups, ...zeros, ...tailGroups].slice(0, 4).join(':')
}
