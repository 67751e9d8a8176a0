import { Agent, request } from 'node:http'
import { signSessionCookie } from '../../apps/server/src/identity/index.ts'

/** What a buyer was told for certain. */
export interface Told {
  readonly buyerId: number
  readonly key: string
  readonly orderIds: readonly number[]
  readonly state: 'held' | 'cancelled'
}

export interface Buyers {
  readonly told: readonly Told[]
  /** Answers that contradict an earlier one, or that no buyer should see. */
  readonly surprises: readonly string[]
  /** Requests that were sent again because no answer came. */
  readonly resent: number
  /** Lets the checkouts under way end, and no new ones begin. */
  finish(): Promise<void>
  /** Gives up at once, for a test that has failed already. */
  giveUp(): void
}

interface Answer {
  readonly status: number
  readonly json: { code?: string; checkoutId?: string; orders?: { orderId: number }[] }
}

export interface BuyersOptions {
  readonly port: number
  readonly secret: string
  readonly count: number
  readonly random: () => number
  readonly lines: () => { shopId: number; skuId: number; qty: number; expectedPriceFen: number }[]
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Buyers who send the same request with the same key until they are told what became of it, as our web app does. */
export function sendBuyers(options: BuyersOptions): Buyers {
  const { port, secret, count, random } = options
  const agent = new Agent({ keepAlive: true, maxSockets: count })
  const told: Told[] = []
  const surprises: string[] = []
  let resent = 0
  let finishing = false
  let gaveUp = false

  function send(path: string, as: number, body: object, key?: string): Promise<Answer> {
    const text = JSON.stringify(body)
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      cookie: signSessionCookie(as, secret, new Date()),
      ...(key ? { 'idempotency-key': key } : {}),
    }
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port, path, method: 'POST', agent, headers, timeout: 20_000 },
        (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('error', reject)
          answer.on('end', () => {
            try {
              resolve({ status: answer.statusCode ?? 0, json: JSON.parse(Buffer.concat(chunks).toString()) })
            } catch (error) {
              reject(error)
            }
          })
        },
      )
      sent.on('timeout', () => sent.destroy(new Error('timeout')))
      sent.on('error', reject)
      sent.end(text)
    })
  }

  /** Sends until there is an answer that settles the matter: anything but a broken connection or a 5xx. */
  async function insist(path: string, as: number, body: object, key?: string): Promise<Answer> {
    for (;;) {
      const answer = await send(path, as, body, key).catch(() => null)
      if (answer && answer.status < 500) return answer
      if (gaveUp) throw new Error('gave up')
      resent += 1
      await pause(50 + random() * 100)
    }
  }

  async function buyOnce(buyerId: number): Promise<void> {
    const key = crypto.randomUUID()
    const body = { lines: options.lines(), addressId: buyerId }
    const placed = await insist('/api/checkouts', buyerId, body, key)
    if (placed.json.code === 'orders.sold_out' || placed.json.code === 'request.too_many') return void (await pause(50))
    const orderIds = (placed.json.orders ?? []).map(({ orderId }) => orderId)
    if (orderIds.length === 0) return void surprises.push(`${placed.status} ${JSON.stringify(placed.json)}`)
    if (random() < 0.1) {
      const again = await insist('/api/checkouts', buyerId, body, key)
      const ids = (again.json.orders ?? []).map(({ orderId }) => orderId)
      if (ids.join() !== orderIds.join()) surprises.push(`${key} was told orders ${orderIds} and then ${ids}`)
    }
    const next = random()
    if (next < 0.3) {
      const cancelled = await insist(`/api/checkouts/${key}/cancel`, buyerId, {})
      // A cancellation whose answer was lost is refused the second time: it has happened.
      if (cancelled.status !== 200 && cancelled.json.code !== 'orders.not_held')
        surprises.push(JSON.stringify(cancelled.json))
      told.push({ buyerId, key, orderIds, state: 'cancelled' })
    } else told.push({ buyerId, key, orderIds, state: 'held' })
  }

  const buyers = Promise.all(
    Array.from({ length: count }, async (_, index) => {
      for (let turn = 0; !finishing; turn += 1) await buyOnce(1 + ((index + turn * count) % 400))
    }),
  )
  return {
    told,
    surprises,
    get resent() {
      return resent
    },
    async finish() {
      finishing = true
      await buyers
      agent.destroy()
    },
    giveUp() {
      finishing = true
      gaveUp = true
      buyers.catch(() => {})
      agent.destroy()
    },
  }
}
