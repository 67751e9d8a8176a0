import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

const LOOK_MS = 25

/**
 * Prepares the end of a server that listens later. What it gives back takes no more connections, lets what is under way be
 * answered for at most `graceMs`, and then ends whatever is open. `server.close()` alone waits for the keep-alive time
 * of a connection that was busy when it was called, and a minute for one over which nothing came yet: browsers open
 * such ones in advance.
 */
export function prepareClose(app: FastifyInstance, graceMs: number): () => Promise<void> {
  const open = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return async () => {
    const closed = app.close()
    const graceEndsAt = performance.now() + graceMs
    while (open.size > 0 && performance.now() < graceEndsAt) {
      app.server.closeIdleConnections()
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
      await sleep(LOOK_MS)
    }
    for (const socket of open) socket.destroy()
    await closed
  }
}
