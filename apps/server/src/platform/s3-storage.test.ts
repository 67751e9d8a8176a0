import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, type TestContext, test } from 'node:test'
import { probeBucket, type S3Place, s3Storage } from './s3-storage.ts'
import { StartRefusal } from './start-refusal.ts'
import { type S3Server, startS3Server } from './testing/s3-server.ts'

let s3: S3Server
before(async () => {
  s3 = await startS3Server()
})
after(() => s3.close())

const hasty = { requestMs: 300, attempts: 4, restMsMin: 5 }

/** The same service on a bad line: what `spoil` does not answer or break is passed on. Counts what came. */
async function badLine(
  t: TestContext,
  spoil: (nth: number, request: IncomingMessage, response: ServerResponse) => boolean,
): Promise<{ place: S3Place; came: () => number }> {
  let came = 0
  const target = new URL(s3.place.endpoint)
  const line = createServer((incoming, response) => {
    came += 1
    if (spoil(came, incoming, response)) return
    const { method, url, headers } = incoming
    const onward = request({ host: target.hostname, port: target.port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    incoming.pipe(onward)
  })
  line.listen(0, '127.0.0.1')
  await once(line, 'listening')
  t.after(() => {
    line.closeAllConnections()
    line.close()
  })
  const { port } = line.address() as AddressInfo
  // The signature covers the host: a line in between is known by the name under which it was asked.
  return { place: { ...s3.place, endpoint: `http://127.0.0.1:${port}` }, came: () => came }
}

test('a busy, broken or silent line is tried again, and the object is there once', async (t) => {
  const line = await badLine(t, (nth, incoming, response) => {
    if (nth === 1) response.writeHead(503).end()
    else if (nth === 2) incoming.socket.destroy()
    // The third is never answered.
    return nth <= 3
  })
  const storage = s3Storage(line.place, hasty)
  await storage.put('recordings/1/seg-0.m4s', Buffer.from('whole'))
  assert.equal(line.came(), 4)
  assert.equal((await storage.read('recordings/1/seg-0.m4s'))?.toString(), 'whole')
  assert.deepEqual([...s3.objects.keys()], ['recordings/1/seg-0.m4s'])
})

test('a store that stays away is given up in the end', async (t) => {
  const line = await badLine(t, (_nth, _incoming, response) => {
    response.writeHead(500).end()
    return true
  })
  const storage = s3Storage(line.place, hasty)
  await assert.rejects(storage.put('recordings/1/seg-1.m4s', Buffer.from('x')))
  assert.equal(line.came(), 4)
})

test('a wrong key is refused at once, and its secret is in no message', async () => {
  const storage = s3Storage({ ...s3.place, secretKey: 'not-the-secret' }, hasty)
  await assert.rejects(storage.put('recordings/1/seg-2.m4s', Buffer.from('x')), (error: Error) => {
    assert.match(error.message, /403/)
    assert.ok(!JSON.stringify({ ...error, message: error.message }).includes('not-the-secret'))
    return true
  })
})

test('a bucket that says no keeps the server from starting, one that is silent does not', async (t) => {
  assert.equal(await probeBucket(s3Storage(s3.place, hasty)), true)
  for (const wrong of [{ secretKey: 'not-the-secret' }, { bucket: 'another' }, { region: 'us-east-1' }]) {
    await assert.rejects(probeBucket(s3Storage({ ...s3.place, ...wrong }, hasty)), (error) => {
      assert.ok(error instanceof StartRefusal && error.code === 'storage.refuses')
      return !error.line.includes('not-the-secret')
    })
  }
  const line = await badLine(t, (_nth, incoming) => {
    incoming.socket.destroy()
    return true
  })
  assert.equal(await probeBucket(s3Storage(line.place, hasty)), false)
})
