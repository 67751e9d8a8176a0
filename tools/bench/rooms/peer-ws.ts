/** What most people write first: `ws`, and one send of the text for each viewer. */
import { createServer } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'
import { answerParent } from './child-link.ts'

const http = createServer()
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false })

http.on('request', (request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text
  })
  request.on('end', () => {
    for (const viewer of sockets.clients) if (viewer.readyState === WebSocket.OPEN) viewer.send(body)
    response.end()
  })
})

answerParent({
  listen: ({ port }: { port: number }) =>
    new Promise<void>((resolve) => http.listen({ port, host: '127.0.0.1', backlog: 4096 }, resolve)),
})
