/** Socket.IO as its own documentation sets it up, with the WebSocket transport alone and without compression. */
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { answerParent } from './child-link.ts'

const http = createServer()
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })

http.on('request', (request, response) => {
  if (request.method !== 'POST') return
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text
  })
  request.on('end', () => {
    io.emit('tick', JSON.parse(body))
    response.end()
  })
})

answerParent({
  listen: ({ port }: { port: number }) =>
    new Promise<void>((resolve) => http.listen({ port, host: '127.0.0.1', backlog: 4096 }, resolve)),
})
