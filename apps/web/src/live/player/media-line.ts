/**
 * The socket of a live picture, open before anybody can play it: what it says meanwhile is kept in order, so that the player's own file, the
 * page's data and the video all come at the same time.
 */
export interface MediaLine {
  readonly socket: WebSocket
  /** Gives what was kept, and from then on everything to `hear`. */
  take(hear: (data: unknown) => void): void
}

/** A key frame's group at 6 Mbit/s for 10 s; a line that brings more before anybody listens is left. */
const KEPT_BYTES_MAX = 8_000_000

export function openMediaLine(roomId: number): MediaLine {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = new WebSocket(`${scheme}://${window.location.host}/media/${roomId}/live.ws`)
  socket.binaryType = 'arraybuffer'
  let kept: unknown[] = []
  let keptBytes = 0
  const keep = ({ data }: MessageEvent) => {
    kept.push(data)
    keptBytes += data instanceof ArrayBuffer ? data.byteLength : 0
    if (keptBytes > KEPT_BYTES_MAX) socket.close()
  }
  socket.addEventListener('message', keep)
  return {
    socket,
    take(hear) {
      socket.removeEventListener('message', keep)
      socket.addEventListener('message', ({ data }: MessageEvent) => hear(data))
      for (const data of kept) hear(data)
      kept = []
    },
  }
}

let early: { roomId: number; line: MediaLine } | null = null

/** Opens the line of a room at the tap that leads into it. At most one is open before its time. */
export function openLineEarly(roomId: number): void {
  early?.line.socket.close()
  early = { roomId, line: openMediaLine(roomId) }
}

/** The line of the room: the early one, if it lives, or a fresh one. */
export function takeMediaLine(roomId: number): MediaLine {
  const found = early
  early = null
  if (found?.roomId === roomId && found.line.socket.readyState <= WebSocket.OPEN) return found.line
  found?.line.socket.close()
  return openMediaLine(roomId)
}

export function dropEarlyLine(): void {
  early?.line.socket.close()
  early = null
}
