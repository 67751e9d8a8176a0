import {
  ROOM_CLOSE,
  type RoomClientMessage,
  type RoomServerMessage,
  retryAfterMsOf,
} from '@chunbo/contract/room-events'

/** How far a reader is, to come back with. */
export interface Position {
  readonly epoch: string
  readonly offset: number
}
/** One connection to a room, by a socket or by a stream; it is opened once and ends once. */
export interface RoomTransport {
  /** False when it is not open; nothing is queued here. */
  send(message: RoomClientMessage): boolean
  /** Ends it without a word of `end`. */
  close(): void
}
export interface TransportEvents {
  message(message: RoomServerMessage): void
  /** It ended by itself: the code as a socket's close has it, and how long the server wants the client to stay away at least. */
  end(code: number, retryAfterMs: number): void
}

/** What waits to be said while another word is under way. */
const WAITING_MAX = 20
const BROKEN = 1006

/**
 * The room over plain HTTP, for networks that break sockets: an event stream read by fetch, which unlike EventSource shows status and
 * Retry-After, and a POST for each word, one after the other so that they stay in order.
 */
export function openStreamTransport(url: string, from: Position | null, on: TransportEvents): RoomTransport {
  const gone = new AbortController()
  let seat: string | null = null
  let ended = false
  let saying: Promise<void> = Promise.resolve()
  let waiting = 0

  function end(code: number, retryAfterMs = 0): void {
    if (ended) return
    ended = true
    gone.abort()
    on.end(code, retryAfterMs)
  }
  function take(block: string): void {
    const { event, data } = readBlock(block)
    if (ended || data === '') return
    if (event === 'seat') seat = data
    else if (event === 'bye') {
      const { code, reason } = JSON.parse(data) as { code: number; reason: string }
      end(code, retryAfterMsOf(reason))
    } else on.message(JSON.parse(data) as RoomServerMessage)
  }
  async function read(): Promise<void> {
    const headers = {
      accept: 'text/event-stream',
      ...(from ? { 'last-event-id': `${from.epoch}:${from.offset}` } : {}),
    }
    const answer = await fetch(url, { headers, signal: gone.signal, cache: 'no-store' })
    if (answer.status === 404) return end(ROOM_CLOSE.noRoom)
    if (!answer.ok || answer.body === null) return end(ROOM_CLOSE.standardTryLater, retryAfterOf(answer))
    const reader = answer.body.getReader()
    const decoder = new TextDecoder()
    let text = ''
    while (!ended) {
      const { done, value } = await reader.read()
      if (done) return end(BROKEN)
      const blocks = (text + decoder.decode(value, { stream: true })).split('\n\n')
      text = blocks.pop() ?? ''
      blocks.forEach(take)
    }
  }
  async function post(message: RoomClientMessage): Promise<void> {
    const answer = await fetch(`${url}/${seat}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      signal: gone.signal,
    })
    // The seat went: the stream is dead also when nobody has noticed yet. Any other refusal is of this word only.
    if (answer.status === 410) end(BROKEN)
  }

  read().catch(() => end(BROKEN))
  return {
    send(message) {
      if (ended || seat === null || waiting >= WAITING_MAX) return false
      waiting += 1
      saying = saying
        .then(() => post(message))
        .catch(() => undefined)
        .then(() => {
          waiting -= 1
        })
      return true
    },
    close() {
      ended = true
      gone.abort()
    },
  }
}

function retryAfterOf(answer: Response): number {
  const seconds = Number(answer.headers.get('retry-after') ?? 0)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 600) * 1000 : 0
}

function readBlock(block: string): { event: string; data: string } {
  let event = 'message'
  let data = ''
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) event = line.slice(7)
    else if (line.startsWith('data: ')) data = line.slice(6)
  }
  return { event, data }
}
