import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type MediaLog, silentLog } from '../media-log.ts'
import { Departure } from './departure.ts'
import type { FlvViewers } from './flv-viewers.ts'
import type { MediaHandler } from './media-handler.ts'

export interface MediaListenerOptions {
  handler: MediaHandler
  /** Answers `live.flv`. */
  flv: FlvViewers
  /** Whom a request counts for, where its connection does not say it. */
  addressOf?: (request: IncomingMessage) => string | null
  /** Whether the room's video may be given to who sent this; for others there is no such room. A rejection is a 503. */
  admit: (roomId: number, request: IncomingMessage) => boolean | Promise<boolean>
  /** Streams that end now do so because their process does: viewers are to ask again, and not to take the show for over. */
  isClosing?: () => boolean
  log?: MediaLog
}

const pathShape = /^\/media\/(\d{1,15})\/([^?]{1,100})(?:\?|$)/

const awhile = { 'cache-control': 'no-store', 'retry-after': '1' }

/** Answers `GET /media/{roomId}/...` of a Node HTTP server by the media handler. */
export function createMediaListener(options: MediaListenerOptions): RequestListener {
  const log = options.log ?? silentLog
  return (request, response) => {
    response.on('error', () => response.destroy())
    answer(options, request, response).catch((error: unknown) => {
      log.error({ error: String(error) }, 'a media request failed')
      if (response.headersSent) response.destroy()
      else response.writeHead(503, awhile).end()
    })
  }
}

async function answer(
  { handler, flv, admit, addressOf, isClosing }: MediaListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { url = '/', method } = request
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD', 'cache-control': 'no-store' }).end()
    return
  }
  const match = pathShape.exec(url)
  const roomId = Number(match?.[1] ?? -1)
  if (!match || !(await admit(roomId, request))) {
    response.writeHead(404, { 'cache-control': 'no-store' }).end()
    return
  }
  if (match[2] === 'live.flv' && method === 'GET') {
    flv.serve(roomId, addressOf?.(request) ?? request.socket.remoteAddress ?? '', response)
    return
  }
  const client = new Departure()
  response.once('close', () => client.leave())
  const { status, headers, body } = await handler({ roomId, path: match[2] ?? '', query: queryOf(url), client })
  if (isClosing?.()) response.writeHead(503, awhile).end()
  else response.writeHead(status, headers).end(body)
}

const noQuery = new URLSearchParams()

function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?')
  return at < 0 ? noQuery : new URLSearchParams(url.slice(at + 1))
}
