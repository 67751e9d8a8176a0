import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { frameBinary, frameControl, frameText } from './frames.ts'
import { upgrade } from './upgrade.ts'

test('a library reads every size of frame that is written here', async () => {
  const sizes = [0, 1, 125, 126, 65_535, 65_536, 1_000_000]
  const server = createServer().on('upgrade', (request, socket, head) => {
    const { raw } = upgrade(request, socket, head) ?? assert.fail('refused')
    for (const size of sizes) raw.write(frameBinary(Buffer.alloc(size, size % 251)))
    raw.write(frameText('豌豆'))
    raw.write(frameControl(9, Buffer.from('there?')))
    raw.write(frameControl(8, Buffer.from([3, 0xe8])))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const heard: (string | number)[] = []
  client.on('message', (data: Buffer, isBinary) => {
    heard.push(isBinary ? data.length : data.toString())
    if (isBinary) assert.ok(data.every((byte) => byte === data.length % 251))
  })
  client.on('ping', (data) => heard.push(data.toString()))
  const [code] = await once(client, 'close')
  assert.deepEqual([...heard, code], [...sizes, '豌豆', 'there?', 1000])
  server.close()
})
