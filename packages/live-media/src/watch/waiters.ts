import type { Departure } from './departure.ts'

interface Waiter {
  ready: () => boolean
  settle: (ready: boolean) => void
}

/** Requests that wait for a stream to move on. Each ends by the change, its deadline or its client going away. */
export class Waiters {
  readonly #waiting = new Set<Waiter>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  /** True when `ready` came to hold, false at the deadline, when its client goes or on release; null when too many wait. */
  wait(ready: () => boolean, waitMs: number, client?: Departure): Promise<boolean> | null {
    if (ready()) return Promise.resolve(true)
    if (client?.gone) return Promise.resolve(false)
    if (this.#waiting.size >= this.#max) return null
    return new Promise((resolve) => {
      const settle = (result: boolean): void => {
        clearTimeout(timer)
        client?.onLeave(null)
        this.#waiting.delete(waiter)
        resolve(result)
      }
      const waiter: Waiter = { ready, settle }
      const timer = setTimeout(() => settle(false), waitMs)
      client?.onLeave(() => settle(false))
      this.#waiting.add(waiter)
    })
  }

  /** Lets everyone go with what there is. */
  releaseAll(): void {
    for (const waiter of [...this.#waiting]) waiter.settle(waiter.ready())
  }

  /** Something changed: lets go everyone whose wish is fulfilled. */
  check(): void {
    for (const waiter of [...this.#waiting]) if (waiter.ready()) waiter.settle(true)
  }
}
