import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { UpgradeRequest } from '@chunbo/web-socket'
import type { Handed, HandedOver, HandOverDone } from './media-words.ts'

/**
 * The receiving end of connections that the server gives away. One is used only when the server has said that it has let go of it: until then
 * both processes hold it, and what the peer says might be read, and lost, by the other.
 */

/** Connections that are on their way. */
const WAITING_MAX = 2_000
/** Between the connection and the word that it is free; they are sent together. */
const WAIT_MS = 5_000

interface Waiting {
  readonly word: HandedOver
  readonly socket: Socket
  readonly timer: NodeJS.Timeout
}

export type TakeOver = (handed: Handed, request: UpgradeRequest, socket: Socket, head: Buffer) => void

export class Arrivals {
  readonly #take: TakeOver
  readonly #waiting = new Map<number, Waiting>()

  constructor(take: TakeOver) {
    this.#take = take
  }

  /** The connection has come. It is missing when its peer has gone meanwhile. */
  arrive(word: HandedOver, socket: unknown): void {
    if (!(socket instanceof Socket)) return
    socket.on('error', () => socket.destroy())
    if (this.#waiting.size >= WAITING_MAX) {
      socket.destroy()
      return
    }
    const drop = () => {
      this.#waiting.delete(word.id)
      socket.destroy()
    }
    this.#waiting.set(word.id, { word, socket, timer: setTimeout(drop, WAIT_MS) })
  }

  /** The server has let go of it. */
  free({ id }: HandOverDone): void {
    const found = this.#waiting.get(id)
    if (!found) return
    this.#waiting.delete(id)
    clearTimeout(found.timer)
    const { word, socket } = found
    if (!socket.destroyed) this.#take(word.handed, word.request, socket, Buffer.from(word.head, 'base64'))
  }
}

/** What of an upgraded request goes along: the handshake, and what came with the last bytes of its head. */
export function packUpgrade(
  id: number,
  handed: Handed,
  { method, headers }: UpgradeRequest,
  socket: Duplex,
  head: Buffer,
): HandedOver {
  const { upgrade } = headers
  const picked = {
    ...(upgrade === undefined ? {} : { upgrade }),
    ...pick(headers, 'sec-websocket-version'),
    ...pick(headers, 'sec-websocket-key'),
    ...pick(headers, 'sec-websocket-extensions'),
  }
  const early: unknown = socket.read()
  stopReading(socket)
  const bytes = Buffer.isBuffer(early) ? Buffer.concat([head, early]) : head
  return { kind: 'connection', id, handed, request: { method, headers: picked }, head: bytes.toString('base64') }
}

/**
 * What the kernel has and Node has not read yet goes along with the connection; without this Node would go on reading until the other process
 * has it, and drop what it read. Node has no public way to say so. A client that waits for the answer to its upgrade, as it must, loses nothing
 * without this either.
 */
function stopReading(socket: Duplex): void {
  const { _handle: handle } = socket as Duplex & { _handle?: { readStop?: () => void } | null }
  handle?.readStop?.()
}

function pick<Name extends keyof UpgradeRequest['headers']>(headers: UpgradeRequest['headers'], name: Name) {
  return headers[name] === undefined ? {} : { [name]: headers[name] }
}
