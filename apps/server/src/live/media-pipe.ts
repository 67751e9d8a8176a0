import { Agent, request as ask, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../platform/problem.ts'

/** Where the media process listens now, and what proves to it that the server asks. */
export interface MediaPlace {
  readonly port: number
  readonly secret: string
}

/** Answers that are under way at once; a blocked playlist of every viewer of a full machine fits. */
const OPEN_MAX = 20_000
/** A playlist blocks for 6 s at most; what says nothing for so long is lost. */
const SILENT_MS = 30_000
/** What a video client may tell the media process. */
const PASSED_ON = ['accept', 'range', 'if-range', 'if-none-match'] as const

/** Passes requests for video on to the media process and its answers back as they come, never holding more than a buffer of each. */
export class MediaPipe {
  readonly #agent = new Agent({ keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 256 })
  #open = 0

  /**
   * Answers a request by what the media process says to it. `headers` go over those of the answer.
   * @throws Refusal live.video_away when it does not answer
   */
  async answer(
    place: MediaPlace,
    request: FastifyRequest,
    reply: FastifyReply,
    headers: Readonly<Record<string, string>>,
  ): Promise<FastifyReply> {
    if (this.#open >= OPEN_MAX) throw new Refusal('live.video_full', {}, { retryAfterS: 1 })
    this.#open += 1
    let upstream: ClientRequest | undefined
    reply.raw.once('close', () => {
      this.#open -= 1
      upstream?.destroy()
    })
    const answer = await this.#ask(place, request, (sent) => {
      upstream = sent
    }).catch((error: Error) => {
      request.log.warn({ reqId: request.id, err: error }, 'the media process did not answer')
      throw new Refusal('live.video_away', {}, { retryAfterS: 1 })
    })
    reply.code(answer.statusCode ?? 502)
    for (const [name, value] of Object.entries(answer.headers)) {
      // Each connection keeps its own alive in its own way.
      if (value !== undefined && name !== 'connection' && name !== 'keep-alive') reply.header(name, value)
    }
    return reply.headers(headers).send(answer)
  }

  close(): void {
    this.#agent.destroy()
  }

  async #ask(
    place: MediaPlace,
    request: FastifyRequest,
    onSent: (sent: ClientRequest) => void,
  ): Promise<IncomingMessage> {
    let sent: ClientRequest | undefined
    const askBy = (agent: Agent | false): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        sent = this.#send(place, request, agent, resolve, reject)
        onSent(sent)
      })
    try {
      return await askBy(this.#agent)
    } catch (error) {
      // A kept connection may have been closed by the other side at this very moment, and others with it; on one of its own the request
      // is as good as new.
      const stale = sent?.reusedSocket === true && (error as NodeJS.ErrnoException).code === 'ECONNRESET'
      if (!stale || request.raw.destroyed) throw error
      return await askBy(false)
    }
  }

  #send(
    { port, secret }: MediaPlace,
    request: FastifyRequest,
    agent: Agent | false,
    onAnswer: (answer: IncomingMessage) => void,
    onError: (error: Error) => void,
  ): ClientRequest {
    const headers: OutgoingHttpHeaders = { 'x-chunbo-media': secret, 'x-chunbo-client': request.ip }
    for (const name of PASSED_ON) {
      const value = request.headers[name]
      if (value !== undefined) headers[name] = String(value)
    }
    const { method, url: path } = request
    const sent = ask({ agent, host: '127.0.0.1', port, method, path, headers, timeout: SILENT_MS })
    sent.once('timeout', () => sent.destroy(new Error('nothing was said for too long')))
    sent.once('response', onAnswer)
    sent.on('error', onError)
    return sent.end()
  }
}
