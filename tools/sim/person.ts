import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** How often a request is sent again that was refused for haste or got no answer. */
const TRIES = 6

/**
 * Somebody who speaks HTTP with cookies, from an address of the loopback network of their own when the server is on this machine: the
 * server counts sign-ups and much else by address, and a country does not share one.
 */
export class Person {
  readonly #base: URL
  readonly #agent: HttpAgent
  readonly #cookies = new Map<string, string>()

  constructor(base: string, address: string | null) {
    this.#base = new URL(base)
    const options = { keepAlive: true, maxSockets: 4, ...(address === null ? {} : { localAddress: address }) }
    this.#agent = this.#base.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options)
  }

  get cookie(): string {
    return [...this.#cookies].map((pair) => pair.join('=')).join('; ')
  }

  /** Sends JSON and gives the answer whatever its status; waits and sends again when it is told to, or when no answer came. */
  async ask(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#once(method, path, body, headers).catch((error: unknown) => {
        if (tries === TRIES) throw error
        return null
      })
      if (answer && (tries === TRIES || (answer.status !== 429 && answer.status !== 503))) return answer
      await pause(answer === null ? 200 * tries : Math.min(20_000, answer.retryAfterS * 1000 || 500))
    }
  }

  /** The same where anything but success ends the simulation. */
  async send<T>(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
    const { status, body: answer } = await this.ask(method, path, body, headers)
    if (status >= 400) throw new Error(`${method} ${path} was refused: ${status} ${JSON.stringify(answer)}`)
    return answer as T
  }

  close(): void {
    this.#agent.destroy()
  }

  #once(
    method: string,
    path: string,
    body: object | undefined,
    headers: Record<string, string>,
  ): Promise<Answer & { retryAfterS: number }> {
    const text = body === undefined ? '' : JSON.stringify(body)
    const { hostname, port, protocol } = this.#base
    const send = protocol === 'https:' ? httpsRequest : httpRequest
    const content = text === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const cookie = this.cookie === '' ? {} : { cookie: this.cookie }
    const options = {
      hostname: hostname === 'localhost' ? '127.0.0.1' : hostname,
      port,
      method,
      path,
      agent: this.#agent,
      timeout: 30_000,
    }
    return new Promise((resolve, reject) => {
      const sent = send({ ...options, headers: { ...content, ...cookie, ...headers } }, (answer) => {
        this.#keepCookies(answer)
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const raw = Buffer.concat(chunks).toString()
          const retryAfterS = Number(answer.headers['retry-after'] ?? 0)
          resolve({ status: answer.statusCode ?? 0, body: raw === '' ? null : JSON.parse(raw), retryAfterS })
        })
      })
      sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
      sent.on('error', reject)
      sent.end(text)
    })
  }

  #keepCookies(answer: IncomingMessage): void {
    for (const cookie of answer.headers['set-cookie'] ?? []) {
      const [pair = ''] = cookie.split(';', 1)
      const split = pair.indexOf('=')
      this.#cookies.set(pair.slice(0, split), pair.slice(split + 1))
    }
  }
}

/** An address of the loopback network for the n-th person, or null when the server is not on this machine. */
export function addressOf(base: string, network: number, index: number): string | null {
  const { hostname } = new URL(base)
  if (hostname !== 'localhost' && !hostname.startsWith('127.')) return null
  return `127.${network}.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`
}
