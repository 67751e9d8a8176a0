/**
 * Whether the client of a request has gone away. An AbortController says the same, but it and its listeners cost more than finding the
 * answer, and a viewer of low-latency HLS asks ten times a second.
 */
export class Departure {
  #gone = false
  #tell: (() => void) | null = null

  get gone(): boolean {
    return this.#gone
  }

  /** The client has gone. */
  leave(): void {
    this.#gone = true
    this.#tell?.()
  }

  /** Is told when the client goes; one at a time, null for nobody any more. */
  onLeave(tell: (() => void) | null): void {
    this.#tell = tell
  }
}
