import { randomUUID } from 'node:crypto'

/**
 * One signed-in person of the demo world, speaking HTTP like a browser: the demo is loaded through the same doors that
 * users go through, so that nothing in it is a row that the rules would have refused.
 */
export class DemoSession {
  readonly #baseUrl: string
  readonly #cookies = new Map<string, string>()

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl
  }

  /** Sends JSON (or a form) and gives the JSON answer. Throws with the problem's code when it is refused. */
  async send<T>(
    method: string,
    path: string,
    body?: object | FormData,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const form = body instanceof FormData
    const response = await fetch(this.#baseUrl + path, {
      method,
      headers: {
        ...(this.#cookies.size > 0 ? { cookie: [...this.#cookies].map((pair) => pair.join('=')).join('; ') } : {}),
        ...(body && !form ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: form ? body : JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(60_000),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';', 1)
      const split = pair.indexOf('=')
      this.#cookies.set(pair.slice(0, split), pair.slice(split + 1))
    }
    const text = await response.text()
    const answer = text ? JSON.parse(text) : null
    if (!response.ok)
      throw new Error(`${method} ${path} was refused: ${response.status} ${answer?.code ?? ''} ${text.slice(0, 300)}`)
    return answer as T
  }

  signIn(email: string, password: string): Promise<unknown> {
    return this.send('POST', '/api/auth/sign-in/email', { email, password })
  }

  /** A key for one order, as a browser makes it for one tap. */
  static newKey(): string {
    return randomUUID()
  }
}
