import { isIPv6 } from 'node:net'
import type { RoomLimits } from './limits.ts'
import { TokenBuckets } from './token-bucket.ts'

/** Either a place, to be given back once by `release`, or the HTTP status to refuse the upgrade with. */
export type Admission =
  | { readonly admitted: true; readonly release: () => void }
  | { readonly admitted: false; readonly status: 429 | 503; readonly retryAfterS: number }

/** Bounds sockets of the process and of one address, before a handshake is paid for. */
export class Admissions {
  readonly #limits: RoomLimits
  readonly #joins: TokenBuckets<string>
  readonly #socketsByAddress = new Map<string, number>()
  #sockets = 0

  constructor(limits: RoomLimits) {
    this.#limits = limits
    this.#joins = new TokenBuckets(limits.joinsByAddress)
  }

  get sockets(): number {
    return this.#sockets
  }

  /** `address` is the client's IP; `steadyMs` of a clock that never jumps. */
  ask(address: string, steadyMs: number): Admission {
    const key = addressKey(address)
    const waitMs = this.#joins.take(key, steadyMs)
    if (waitMs > 0) return { admitted: false, status: 429, retryAfterS: Math.ceil(waitMs / 1000) }
    const held = this.#socketsByAddress.get(key) ?? 0
    if (held >= this.#limits.socketsByAddressMax) return { admitted: false, status: 429, retryAfterS: 30 }
    if (this.#sockets >= this.#limits.socketsMax) return { admitted: false, status: 503, retryAfterS: 10 }
    this.#socketsByAddress.set(key, held + 1)
    this.#sockets += 1
    let released = false
    return {
      admitted: true,
      release: () => {
        if (released) return
        released = true
        this.#release(key)
      },
    }
  }

  sweep(steadyMs: number): void {
    this.#joins.sweep(steadyMs)
  }

  #release(key: string): void {
    this.#sockets -= 1
    const held = this.#socketsByAddress.get(key) ?? 0
    if (held <= 1) this.#socketsByAddress.delete(key)
    else this.#socketsByAddress.set(key, held - 1)
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
