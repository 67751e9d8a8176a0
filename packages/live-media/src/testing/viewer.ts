import { type ClientOptions, WebSocket } from 'ws'
import { until } from './until.ts'

/** Somebody who watches over a socket, with everything that was said. */
export class Viewer {
  readonly ws: WebSocket
  readonly words: { kind: string; mime?: string; startMs?: number; wallMs?: number; discontinuity?: boolean }[] = []
  /** In the order of coming: `word` or the bytes. */
  readonly said: (string | Buffer)[] = []
  bytes = 0
  closedWith: number | null = null
  refusedWith: number | null = null

  constructor(url: string, headers: Record<string, string> = {}, options: ClientOptions = {}) {
    this.ws = new WebSocket(url, { ...options, headers })
    this.ws.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        this.bytes += data.length
        this.said.push(data)
      } else {
        const word = JSON.parse(data.toString())
        this.words.push(word)
        this.said.push(word.kind)
      }
    })
    this.ws.on('unexpected-response', (request, response) => {
      this.refusedWith = response.statusCode ?? 0
      request.destroy()
    })
    this.ws.on('error', () => {})
    this.ws.on('close', (code) => {
      this.closedWith = code
    })
  }

  get kinds(): string[] {
    return this.words.map(({ kind }) => kind)
  }

  /** The binary messages: init segments and chunks. */
  get pieces(): Buffer[] {
    return this.said.filter((each) => typeof each !== 'string')
  }

  acknowledge(bytes = this.bytes): void {
    this.ws.send(JSON.stringify({ kind: 'ack', bytes }))
  }

  async when(what: string, holds: (viewer: Viewer) => boolean): Promise<this> {
    await until(`the viewer has ${what}`, () => holds(this))
    return this
  }
}
