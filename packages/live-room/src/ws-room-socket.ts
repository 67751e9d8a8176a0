import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import type { RoomLimits } from './limits.ts'
import type { LiveRoom } from './live-room.ts'
import type { RoomSocket, Viewer } from './session.ts'

/** How long a peer has to answer a goodbye. */
const GOODBYE_MS = 1_000

/**
 * A WebSocket server for handed-over upgrades. No permessage-deflate: compressing each message for each socket took a room of 10,000
 * from 50,000 deliveries a second to 213.
 */
export function createRoomSocketServer(limits: RoomLimits): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.messageBytesMax,
  })
}

/** Joins a WebSocket to a room. `raw` is the socket under it, to which shared frames are written as they are. */
export function seatWebSocket(room: LiveRoom, ws: WebSocket, raw: Duplex, viewer: Viewer, gone: () => void): void {
  const socket = roomSocketOf(ws, raw)
  ws.on('message', (data, isBinary) => {
    if (isBinary) room.refuse(socket)
    else room.receive(socket, String(data))
  })
  ws.on('ping', () => room.heard(socket))
  ws.on('pong', () => room.heard(socket))
  // Garbage, oversize and resets end here; ws closes the socket with the fitting code itself and 'close' follows.
  ws.on('error', () => room.leave(socket))
  ws.on('close', () => {
    room.leave(socket)
    gone()
  })
  room.join(socket, viewer)
}

function roomSocketOf(ws: WebSocket, raw: Duplex): RoomSocket {
  return {
    get pendingBytes() {
      return ws.bufferedAmount
    },
    send(frame) {
      if (ws.readyState !== WebSocket.OPEN) return
      // Both counts are equal unless ws holds back bytes of a compressed send under way; then only ws knows when it is our turn.
      if (ws.bufferedAmount === raw.writableLength) raw.write(frame.wire)
      else ws.send(frame.payload, { binary: false, compress: false })
    },
    ping() {
      if (ws.readyState === WebSocket.OPEN) ws.ping()
    },
    close(code, reason) {
      ws.close(code, reason)
      setTimeout(() => ws.terminate(), GOODBYE_MS).unref()
    },
    terminate() {
      ws.terminate()
    },
  }
}
