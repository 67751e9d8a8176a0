import assert from 'node:assert/strict'
import { applyRoomMessage, type RoomServerMessage, type RoomView } from '@chunbo/contract'
import { WebSocket } from 'ws'

/** A viewer as a browser is one: a real socket, a view, and waiting for what the view must become. */
export class RoomViewer {
  readonly ws: WebSocket
  readonly messages: RoomServerMessage[] = []
  view: RoomView | null = null
  closedWith: number | null = null
  refusedWith: number | null = null
  #waiting: { readonly until: (viewer: RoomViewer) => boolean; readonly done: () => void }[] = []

  constructor(url: string, options: { cookie?: string; origin?: string; known?: RoomView | null } = {}) {
    const { cookie, origin, known = null } = options
    this.view = known
    this.ws = new WebSocket(url, { headers: { ...(cookie ? { cookie } : {}), ...(origin ? { origin } : {}) } })
    const from = known ? { epoch: known.epoch, offset: known.offset } : {}
    this.ws.on('open', () => this.ws.send(JSON.stringify({ t: 'hello', ...from })))
    this.ws.on('message', (data) => this.#take(JSON.parse(String(data))))
    this.ws.on('error', () => undefined)
    this.ws.on('unexpected-response', (request, response) => {
      this.refusedWith = response.statusCode ?? 0
      request.destroy()
      this.#wake()
    })
    this.ws.on('close', (code) => {
      this.closedWith = code
      this.#wake()
    })
  }

  say(text: string, id: string = crypto.randomUUID()): void {
    this.ws.send(JSON.stringify({ t: 'chat', id, text }))
  }

  /** Resolves when `until` holds; the test runner's time limit is the only other end. */
  async when(until: (viewer: RoomViewer) => boolean): Promise<this> {
    if (!until(this)) await new Promise<void>((done) => this.#waiting.push({ until, done }))
    return this
  }

  whenView(until: (view: RoomView) => boolean): Promise<this> {
    return this.when(({ view }) => view !== null && until(view))
  }

  #take(message: RoomServerMessage): void {
    this.messages.push(message)
    const { view, gap } = applyRoomMessage(this.view, message)
    assert.equal(gap, false)
    this.view = view
    this.#wake()
  }

  #wake(): void {
    const ready = this.#waiting.filter(({ until }) => until(this))
    this.#waiting = this.#waiting.filter((each) => !ready.includes(each))
    for (const { done } of ready) done()
  }
}
