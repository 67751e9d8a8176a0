/**
 * The load of the HTTP benchmark, in a process of its own: `node order-load.ts <port> <secret> <connections> <warmS> <seconds>`.
 * Every connection keeps one request under way and sends the next when it is answered. Requests lie ready as bytes, of which
 * only the idempotency key is new each time, because the load shares the machine with what it measures.
 */
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { signSessionCookie } from '../../apps/server/src/identity/index.ts'
import { HOT } from './order-stage.ts'

const [port, secret = '', connections, warmS, seconds] = process.argv
  .slice(2)
  .map((text, index) => (index === 1 ? text : Number(text))) as [number, string, number, number, number]
/** Many, so that sessions are really checked and no buyer meets the limit of a minute. */
const BUYERS = 60_000
const KEY = '00000000-0000-4000-8000-000000000000'

const requests = Array.from({ length: BUYERS }, (_, index) => {
  const buyerId = index + 1
  const { shopId, skuId, priceFen } = HOT
  const body = JSON.stringify({ lines: [{ shopId, skuId, qty: 1, expectedPriceFen: priceFen }], addressId: buyerId })
  return Buffer.from(
    `POST /api/checkouts HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-type: application/json\r\nidempotency-key: ${KEY}\r\n` +
      `cookie: ${signSessionCookie(buyerId, secret, new Date())}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    'latin1',
  )
})
const keyAt = requests[0]?.indexOf(KEY) ?? 0
const run = randomBytes(4).toString('hex')
let sent = 0
let measuring = false
let ended = false
let failures = 0
const latenciesMs: number[] = []

function nextRequest(): Buffer {
  const request = requests[sent % BUYERS] as Buffer
  request.write(run, keyAt, 'latin1')
  request.write((sent % 0xffffffff).toString(16).padStart(12, '0'), keyAt + 24, 'latin1')
  sent += 1
  return request
}

function open(): void {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  let sentMs = 0
  let got = ''
  const send = () => {
    sentMs = performance.now()
    socket.write(nextRequest())
  }
  socket.on('connect', send)
  socket.on('data', (chunk) => {
    got += chunk.toString('latin1')
    const head = got.indexOf('\r\n\r\n')
    if (head < 0) return
    const length = Number(/content-length: (\d+)/i.exec(got)?.[1])
    if (got.length < head + 4 + length) return
    if (!got.startsWith('HTTP/1.1 201')) {
      failures += 1
      if (failures === 1) process.stderr.write(`${got.slice(0, 600)}\n`)
    } else if (measuring) latenciesMs.push(performance.now() - sentMs)
    got = ''
    if (ended) socket.destroy()
    else send()
  })
  socket.on('error', (error) => {
    failures += 1
    process.stderr.write(`${error.message}\n`)
  })
}

for (let n = 0; n < connections; n += 1) open()
setTimeout(() => {
  measuring = true
  const startMs = performance.now()
  setTimeout(() => {
    measuring = false
    ended = true
    const tookS = (performance.now() - startMs) / 1000
    latenciesMs.sort((a, b) => a - b)
    const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? Number.NaN
    const told = { perSecond: latenciesMs.length / tookS, p50Ms: at(0.5), p99Ms: at(0.99), failures }
    process.stdout.write(`${JSON.stringify(told)}\n`)
  }, seconds * 1000)
}, warmS * 1000)
