import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { createSocketRegistry } from './sockets.ts'

test('a refused upgrade is answered and gone, even when the peer keeps its side open', {
  timeout: 10_000,
}, async (t) => {
  const server = createServer()
  createSocketRegistry(server)
  server.listen(0)
  t.after(() => server.close())
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  const peer = connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true })
  t.after(() => peer.destroy())
  peer.write('GET /nowhere HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  const [socket] = await accepted
  const [answer] = await once(peer, 'data')
  assert.match(String(answer), /^HTTP\/1\.1 404 /)
  if (!socket.destroyed) await once(socket, 'close')
})
