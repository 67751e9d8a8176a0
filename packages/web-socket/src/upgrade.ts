import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** A connection that has been upgraded, and what came with the last bytes of its head. */
export interface Upgraded {
  readonly raw: Duplex
  readonly head: Buffer
  /** Whether the client agreed to permessage-deflate without context takeover. */
  readonly deflates: boolean
}

/** What of a request opens a socket; the rest of its headers is of no interest here. */
export interface UpgradeRequest {
  readonly method?: string | undefined
  readonly headers: Pick<
    IncomingHttpHeaders,
    'upgrade' | 'sec-websocket-version' | 'sec-websocket-key' | 'sec-websocket-extensions'
  >
}

/** The answer to an upgrade: the bytes that open the socket, or the status to refuse it with. */
export type Handshake =
  | { readonly ok: true; readonly answer: string; readonly deflates: boolean }
  | { readonly ok: false; readonly status: 400 | 405 | 426; readonly reason: string }

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const KEY = /^[+/0-9A-Za-z]{22}==$/
const NO_CONTEXT = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover'

/**
 * Answers the opening of a WebSocket; null, and the connection ends, when it is none. `mayDeflate`: a browser with which compression was
 * agreed to compresses every word it says, however short, so it is not agreed to where nobody inflates.
 */
export function upgrade(request: UpgradeRequest, raw: Duplex, head: Buffer, mayDeflate = true): Upgraded | null {
  const answer = shakeHands(request, mayDeflate)
  if (!answer.ok) {
    const version = answer.status === 426 ? 'Sec-WebSocket-Version: 13\r\n' : ''
    raw.once('finish', () => raw.destroy())
    raw.end(`HTTP/1.1 ${answer.status} ${answer.reason}\r\nConnection: close\r\n${version}Content-Length: 0\r\n\r\n`)
    return null
  }
  // The server's time limits are for requests, and a tick must not wait to be put together with the next.
  if (raw instanceof Socket) raw.setTimeout(0).setNoDelay(true)
  raw.write(answer.answer)
  return { raw, head, deflates: answer.deflates }
}

/**
 * The opening of a WebSocket (RFC 6455, 4.2). permessage-deflate is agreed to without context takeover on either side, which a server may ask
 * of every client that offers it (RFC 7692, 7.1.1): only then can one deflated frame serve all.
 */
function shakeHands(request: UpgradeRequest, mayDeflate: boolean): Handshake {
  const { headers } = request
  if (request.method !== 'GET') return { ok: false, status: 405, reason: 'Method Not Allowed' }
  if (headers.upgrade?.toLowerCase() !== 'websocket') return { ok: false, status: 400, reason: 'Bad Request' }
  if (headers['sec-websocket-version'] !== '13') return { ok: false, status: 426, reason: 'Upgrade Required' }
  const key = headers['sec-websocket-key'] ?? ''
  if (!KEY.test(key)) return { ok: false, status: 400, reason: 'Bad Request' }
  const deflates = mayDeflate && offersDeflate(headers['sec-websocket-extensions'] ?? '')
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64')
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...(deflates ? [`Sec-WebSocket-Extensions: ${NO_CONTEXT}`] : []),
  ]
  return { ok: true, answer: `${lines.join('\r\n')}\r\n\r\n`, deflates }
}

/**
 * Whether one of the offers can be agreed to. An offer that limits the server's window is not: the shared frame is made with the usual one of
 * 32 KB, and some receiver would have to hold what it says it cannot.
 */
export function offersDeflate(header: string): boolean {
  return header.split(',').some((offer) => {
    const [name = '', ...params] = offer.split(';').map((part) => part.trim())
    if (name.toLowerCase() !== 'permessage-deflate') return false
    const names = params.map((param) => param.split('=', 1)[0]?.trim())
    return new Set(names).size === names.length && params.every(isAgreeable)
  })
}

function isAgreeable(param: string): boolean {
  const [name = '', value] = param.split('=').map((part) => part.trim().replaceAll('"', ''))
  switch (name) {
    case 'server_no_context_takeover':
    case 'client_no_context_takeover':
      return value === undefined
    case 'client_max_window_bits':
      return value === undefined || /^([89]|1[0-5])$/.test(value)
    case 'server_max_window_bits':
      return value === '15'
    default:
      return false
  }
}
