/** No peer but the limit of any in Node: the bytes of a frame written to bare sockets in a loop, with nothing that a room must know. */
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { frameText, upgrade } from '@chunbo/web-socket'
import { answerParent } from './child-link.ts'

const http = createServer()
const sockets: Duplex[] = []

http.on('upgrade', (request, socket, head) => {
  socket.on('error', () => socket.destroy())
  if (upgrade(request, socket, head) === null) return
  socket.resume()
  sockets.push(socket)
})
http.on('request', (request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text
  })
  request.on('end', () => {
    const frame = frameText(body)
    for (const socket of sockets) socket.write(frame)
    response.end()
  })
})

answerParent({
  listen: ({ port }: { port: number }) =>
    new Promise<void>((resolve) => http.listen({ port, host: '127.0.0.1', backlog: 4096 }, resolve)),
})
