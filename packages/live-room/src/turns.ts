/**
 * Steps that take turns with whatever else the process does: one in each round of its loop, first come first served. Writing to ten thousand
 * sockets takes a tenth of a second in which no order would be answered.
 */
export class Turns {
  readonly #waiting: (() => void)[] = []

  take(step: () => void): void {
    this.#waiting.push(step)
    if (this.#waiting.length === 1) setImmediate(this.#next)
  }

  readonly #next = (): void => {
    const step = this.#waiting.shift()
    if (this.#waiting.length > 0) setImmediate(this.#next)
    step?.()
  }
}
