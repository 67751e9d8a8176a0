import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import { prepareClose } from './close-http.ts'

/** A server whose connections stay for an hour, so that a test that waits for one of them does not end. */
async function startServer(graceMs: number) {
  const app = Fastify({ keepAliveTimeout: 3_600_000, connectionTimeout: 3_600_000, forceCloseConnections: 'idle' })
  const asked = Promise.withResolvers<void>()
  app.get('/slow', async () => {
    asked.resolve()
    await sleep(300)
    return 'done'
  })
  app.get('/never', () => {
    asked.resolve()
    return new Promise(() => {})
  })
  const close = prepareClose(app, graceMs)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return { close, asked: asked.promise, open: () => openSocket(port) }
}

async function openSocket(port: number): Promise<{ socket: Socket; heard: () => string; ended: Promise<unknown> }> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (data) => {
    text += data.toString()
  })
  socket.on('error', () => {})
  const ended = once(socket, 'close')
  await once(socket, 'connect')
  return { socket, heard: () => text, ended }
}

const ask = (path: string) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`

test('a request under way is answered, and its connection is not waited for', async () => {
  const server = await startServer(60_000)
  const client = await server.open()
  client.socket.write(ask('/slow'))
  await server.asked
  await Promise.all([server.close(), client.ended])
  assert.match(client.heard(), /200 OK[\s\S]*done/)
})

test('a connection that a browser opened in advance is ended at once', async () => {
  const server = await startServer(60_000)
  const client = await server.open()
  await sleep(50)
  await Promise.all([server.close(), client.ended])
  assert.equal(client.heard(), '')
})

test('a request that nobody answers is ended when the grace is over', async () => {
  const server = await startServer(200)
  const client = await server.open()
  client.socket.write(ask('/never'))
  await server.asked
  await Promise.all([server.close(), client.ended])
  assert.equal(client.heard(), '')
})
