import { connect } from 'node:net'
import { signSessionCookie } from '../../../apps/server/src/identity/index.ts'
import { HOT } from '../order-stage.ts'
import { nowUs } from './child-link.ts'
import { percentile } from './frames.ts'

export interface OrderPlan {
  readonly port: number
  readonly secret: string
  readonly roomId: number
  readonly perS: number
  readonly seconds: number
}

export interface OrderFigures {
  readonly placed: number
  readonly failures: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const CONNECTIONS = 1_024
/** Many, so that no buyer meets the limit of a minute. */
const BUYERS = 60_000
const KEY = '00000000-0000-4000-8000-000000000000'

/**
 * Orders at a fixed rate, whether the server keeps up or not: each is timed from when it was due, so that an answer that comes late
 * also counts for those that had to wait behind it.
 */
export class OrderStream {
  readonly #plan: OrderPlan
  readonly #requests: Buffer[]
  readonly #keyAt: number
  readonly #idle: Line[] = []
  readonly #due: number[] = []
  #sent = 0
  #failures = 0
  #latenciesMs: number[] = []
  #firstFailure = ''

  constructor(plan: OrderPlan) {
    this.#plan = plan
    this.#requests = Array.from({ length: BUYERS }, (_, index) => requestOf(plan, index + 1))
    this.#keyAt = this.#requests[0]?.indexOf(KEY) ?? 0
  }

  /** Opens its lines anew, because the server closes those on which nothing was asked for 15 s. */
  async #open(): Promise<void> {
    for (const line of this.#idle.splice(0)) line.close()
    await Promise.all(
      Array.from({ length: CONNECTIONS }, () => {
        const line = new Line(this.#plan.port, (answer, dueUs) => this.#answered(line, answer, dueUs))
        return line.opened.then(() => this.#idle.push(line))
      }),
    )
  }

  /** Sends for so many seconds and waits for the last answers; may be called again. */
  async run(run: string): Promise<OrderFigures> {
    const { perS, seconds } = this.#plan
    await this.#open()
    const startUs = nowUs()
    const total = perS * seconds
    this.#latenciesMs = []
    this.#failures = 0
    const tag = run.padStart(8, '0').slice(0, 8)
    let due = 0
    while (this.#latenciesMs.length + this.#failures < total) {
      const now = Math.min(total, Math.floor(((nowUs() - startUs) / 1e6) * perS))
      for (; due < now; due += 1) this.#due.push(startUs + (due / perS) * 1e6)
      this.#send(tag)
      await new Promise((resolve) => setTimeout(resolve, 4))
    }
    const sorted = this.#latenciesMs.sort((a, b) => a - b)
    if (this.#failures > 0) process.stderr.write(`${this.#firstFailure}\n`)
    return {
      placed: sorted.length,
      failures: this.#failures,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
    }
  }

  #send(tag: string): void {
    let taken = 0
    for (; taken < this.#due.length; taken += 1) {
      const line = this.#nextLine()
      if (line === undefined) break
      const request = this.#requests[this.#sent % BUYERS] as Buffer
      request.write(tag, this.#keyAt, 'latin1')
      request.write((this.#sent % 0xffffffff).toString(16).padStart(12, '0'), this.#keyAt + 24, 'latin1')
      this.#sent += 1
      line.ask(request, this.#due[taken] ?? 0)
    }
    this.#due.splice(0, taken)
  }

  #nextLine(): Line | undefined {
    const line = this.#idle.pop()
    return line === undefined || line.isOpen ? line : this.#nextLine()
  }

  #answered(line: Line, answer: string, dueUs: number): void {
    this.#idle.push(line)
    if (answer.startsWith('HTTP/1.1 201')) {
      this.#latenciesMs.push((nowUs() - dueUs) / 1000)
      return
    }
    this.#failures += 1
    this.#firstFailure ||= answer.slice(0, 600)
  }
}

function requestOf({ port, secret, roomId }: OrderPlan, buyerId: number): Buffer {
  const { shopId, skuId, priceFen } = HOT
  const lines = [{ shopId, skuId, qty: 1, expectedPriceFen: priceFen }]
  const body = JSON.stringify({ lines, addressId: buyerId, roomId })
  const head = [
    'POST /api/checkouts HTTP/1.1',
    `host: localhost:${port}`,
    'content-type: application/json',
    `idempotency-key: ${KEY}`,
    `cookie: ${signSessionCookie(buyerId, secret, new Date())}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1')
}

/** What a line asks first. */
const HELLO = 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n'

/**
 * A kept connection with at most one request under way. It is open when the server has answered on it: the kernel takes
 * connections before the server does, and who buys in a room has one already, over which the page came.
 */
class Line {
  readonly opened: Promise<void>
  readonly #socket
  #got = ''
  /** When what is under way was due. */
  #dueUs: number | null = null

  constructor(port: number, answered: (answer: string, dueUs: number) => void) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.opened = promise
    this.#socket.on('connect', () => this.#socket.write(HELLO))
    this.#socket.on('error', reject)
    const told = (answer: string) => {
      const dueUs = this.#dueUs
      this.#dueUs = null
      if (dueUs === null) resolve()
      else answered(answer, dueUs)
    }
    this.#socket.on('data', (chunk) => {
      this.#got += chunk.toString('latin1')
      const head = this.#got.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(this.#got)?.[1])
      if (this.#got.length < head + 4 + length) return
      const answer = this.#got
      this.#got = ''
      told(answer)
    })
    this.#socket.on('close', () => told('the server closed the line'))
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  ask(request: Buffer, dueUs: number): void {
    this.#dueUs = dueUs
    this.#socket.write(request)
  }

  close(): void {
    this.#socket.destroy()
  }
}
