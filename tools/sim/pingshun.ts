import { parseArgs } from 'node:util'
import { Audience, type Seated } from './audience.ts'
import { type Buyer, buy, type PlacedGoods, signUpBuyers, Till } from './buyers.ts'
import { type EveningPlan, type EveningSize, GOODS, planEvening } from './evening-plan.ts'
import { type EveningRoom, openEvening } from './evening-room.ts'
import { StreamRecord } from './stream-record.ts'

/** The Pingshun evening of the report: three hours, over 30,000 orders, over 1,000,000 yuan; 20,000 come and go. */
const EVENING = { seed: '20200315', minutes: '6', orders: '30000', viewers: '20000', buyers: '400' } as const

export const PINGSHUN_USAGE = `npm run sim -- pingshun --base http://localhost:4870 [options], against a started demo (npm start)
  --minutes ${EVENING.minutes}        how long the three hours take
  --orders ${EVENING.orders}    --viewers ${EVENING.viewers}    --buyers ${EVENING.buyers} (accounts, each buys often)
  --seed ${EVENING.seed}   the same seed is the same evening`

/** 1,000,000 yuan of 30,000 orders. */
const FEN_BY_ORDER = 100_000_000 / 30_000

/** Of one buyer; bursts go above it. */
const PAYMENTS_A_MINUTE = 20

interface Finding {
  readonly ok: boolean
  readonly what: string
  readonly detail: string
}

const say = (line: string) => process.stdout.write(`${line}\n`)
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

function readSize(args: readonly string[]): { base: string; size: EveningSize } {
  const option = (value: string) => ({ type: 'string', default: value }) as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      base: { type: 'string', default: 'http://localhost:4870' },
      seed: option(EVENING.seed),
      minutes: option(EVENING.minutes),
      orders: option(EVENING.orders),
      viewers: option(EVENING.viewers),
      buyers: option(EVENING.buyers),
    },
  })
  const numberOf = (name: 'seed' | 'minutes' | 'orders' | 'viewers' | 'buyers') => {
    const number = Number(values[name])
    if (!(number > 0)) throw new RangeError(`--${name} ${values[name]} is no number above 0`)
    return number
  }
  const [orders, viewers, buyers] = [numberOf('orders'), numberOf('viewers'), numberOf('buyers')]
  const payments = orders / buyers / numberOf('minutes')
  if (payments > PAYMENTS_A_MINUTE)
    say(
      `each buyer pays ${payments.toFixed(0)} times a minute; the server lets one pay 60 times, so the rest will be late`,
    )
  const size = { seed: numberOf('seed'), orders, viewers, buyers, durationMs: numberOf('minutes') * 60_000 }
  return { base: values.base.replace(/\/$/, ''), size }
}

/** Does things at their times; `act` may take its time without holding up the next. Resolves when all are done. */
async function playOut<T extends { readonly atMs: number }>(
  items: readonly T[],
  startMs: number,
  act: (item: T) => unknown,
): Promise<void> {
  const running: Promise<unknown>[] = []
  for (const item of items) {
    const waitMs = startMs + item.atMs - performance.now()
    if (waitMs > 1) await pause(waitMs)
    running.push(Promise.resolve(act(item)))
  }
  await Promise.all(running)
}

/** Lets the viewers of the plan in, breaks their lines and lets them out again. */
async function playVisits(plan: EveningPlan, audience: Audience, startMs: number): Promise<void> {
  const seats = new Map<number, Seated>()
  const moves = plan.visits.flatMap(({ fromMs, toMs, dropsAtMs }, index) => [
    { atMs: fromMs, act: () => void seats.set(index, audience.enter()) },
    ...dropsAtMs.map((atMs) => ({ atMs, act: () => seats.get(index)?.drop() })),
    ...(toMs < plan.size.durationMs ? [{ atMs: toMs, act: () => leave(index) }] : []),
  ])
  function leave(index: number): void {
    const seat = seats.get(index)
    if (seat) audience.leave(seat)
  }
  await playOut(
    moves.sort((a, b) => a.atMs - b.atMs),
    startMs,
    ({ act }) => act(),
  )
}

/** Lets buyers talk; says how many lines the room took and which it must therefore have told. */
function talkers(plan: EveningPlan, audience: Audience, buyers: readonly Buyer[]) {
  const taken = new Set<string>()
  const refused = new Map<string, number>()
  const seats = new Map<number, Seated>()
  return {
    taken,
    refused,
    play(startMs: number): Promise<void> {
      return playOut(plan.chat, startMs, ({ buyer, atMs }) => {
        const seat =
          seats.get(buyer) ??
          audience.enter(buyers[buyer]?.person.cookie, {
            accepted: (_id, lineId) => taken.add(lineId),
            refused: (_id, code) => refused.set(code, (refused.get(code) ?? 0) + 1),
          })
        seats.set(buyer, seat)
        if (seat.view !== null)
          seat.say(`${buyer}-${Math.floor(atMs)}`, `${GOODS[buyer % GOODS.length]?.titleZh}怎么吃 ${Math.floor(atMs)}`)
      })
    },
  }
}

async function playEvening(base: string, size: EveningSize): Promise<Finding[]> {
  const plan = planEvening(size)
  say(
    `seed ${size.seed}: ${plan.orders.length} taps on buy, ${size.viewers} viewers, ${plan.chat.length} lines of chat in ${size.durationMs / 60_000} min`,
  )
  const room = await openEvening(base, size.orders, size.seed)
  try {
    say(`room ${room.roomId} is on air; signing up ${size.buyers} buyers`)
    const buyers = await signUpBuyers(base, size.buyers, `${size.seed}-${room.roomId}`)
    const record = new StreamRecord()
    const audience = new Audience(base, room.roomId, record)
    // Somebody is there before the first pin, so that all of the stream is on record and not only in somebody's first state.
    const witness = audience.enter()
    while (witness.view === null) await pause(50)
    const till = new Till()
    const chat = talkers(plan, audience, buyers)
    const startMs = performance.now() + 500
    const report = setInterval(() => {
      say(
        `  ${((performance.now() - startMs) / 1000).toFixed(0)} s: ${audience.seated.size} in the room, ${till.paid} orders paid, ${(till.paidFen / 100).toFixed(0)} yuan`,
      )
    }, 15_000)
    await Promise.all([
      playVisits(plan, audience, startMs),
      chat.play(startMs),
      playOut(plan.pins, startMs, ({ goods }) =>
        room.host.send('PUT', `/api/rooms/${room.roomId}/pin`, skuOf(room, goods)),
      ),
      playOut(plan.orders, startMs, (order) => {
        const [buyer, goods] = [buyers[order.buyer], room.goods[order.goods]]
        return buyer && goods ? buy(till, buyer, order, goods, room.roomId) : undefined
      }),
    ]).finally(() => clearInterval(report))
    // The last ticks and the figures of the desk come a moment after the last order.
    await pause(3_000)
    const findings = await checkEvening(room, plan, till, audience, chat.taken)
    sayFigures(till, audience, record, chat, size, (performance.now() - startMs) / 1000)
    for (const seat of [...audience.seated]) audience.leave(seat)
    for (const { person } of buyers) person.close()
    await room.host.send('POST', `/api/rooms/${room.roomId}/end`)
    return findings
  } finally {
    room.stopVideo()
  }
}

function skuOf({ goods }: EveningRoom, index: number): { shopId: number; skuId: number } {
  const sku = goods[index] as PlacedGoods
  return { shopId: sku.shopId, skuId: sku.skuId }
}

interface Desk {
  readonly figures: {
    readonly orders: number
    readonly fen: number
    readonly grams: number
    readonly viewersPeak: number
  }
  readonly shelf: readonly { readonly sku: { readonly skuId: number; readonly stock: number } }[]
}

/** What must hold after any evening. */
async function checkEvening(
  room: EveningRoom,
  plan: EveningPlan,
  till: Till,
  audience: Audience,
  saidLines: ReadonlySet<string>,
): Promise<Finding[]> {
  const { record } = audience
  const desk = await room.host.send<Desk>('GET', `/api/rooms/${room.roomId}/desk`)
  const stockOf = new Map(desk.shelf.map(({ sku }) => [sku.skuId, sku.stock]))
  const wrongStock = room.goods.filter(
    ({ skuId, packs }) => stockOf.get(skuId) !== packs - (till.packsHeld.get(skuId) ?? 0),
  )
  const oversold = room.goods.filter(({ skuId, packs }) => (till.packsHeld.get(skuId) ?? 0) > packs)
  const views = [...audience.seated].flatMap(({ view }) => (view === null ? [] : [view]))
  const otherStock = views.filter(({ shelf }) => shelf.some(({ skuId, stock }) => stockOf.get(skuId) !== stock))
  const pins = plan.pins.map(({ goods }) => room.goods[goods]?.skuId)
  const lastPin = pins.at(-1)
  const otherPin = views.filter(({ pin }) => pin?.skuId !== lastPin)
  const lost = [...saidLines].filter((lineId) => record.lines.get(lineId) !== 1)
  const doubled = [...record.lines.values()].filter((times) => times > 1)
  const { orders, fen, grams } = desk.figures
  const finding = (ok: boolean, what: string, detail: string): Finding => ({ ok, what, detail })
  return [
    finding(
      oversold.length === 0,
      'no oversell',
      `${oversold.length} of ${room.goods.length} SKUs sold more than there was`,
    ),
    finding(
      wrongStock.length === 0,
      'stock in the API = packs put in - packs in orders that stand',
      wrongStock
        .map(({ skuId, packs }) => `SKU ${skuId}: ${packs} - ${till.packsHeld.get(skuId)} is not ${stockOf.get(skuId)}`)
        .join('; '),
    ),
    finding(
      otherStock.length === 0,
      'stock in the room = stock in the API',
      `${views.length} viewers, ${otherStock.length} see another stock`,
    ),
    finding(
      orders === till.paid && fen === till.paidFen && grams === till.paidG,
      'figures of the room = sum of the paid orders',
      `room ${orders} orders ${fen} fen ${grams} g, paid ${till.paid} orders ${till.paidFen} fen ${till.paidG} g`,
    ),
    finding(
      record.pins.join() === pins.join(),
      'the pins are those of the desk in its order',
      `${record.pins.join()} / ${pins.join()}`,
    ),
    finding(
      record.faults.length === 0,
      'every viewer saw the same stream in the same order',
      record.faults.slice(0, 3).join('; '),
    ),
    finding(
      otherPin.length === 0,
      'every viewer sees the last pin',
      `${otherPin.length} of ${views.length} see another one`,
    ),
    finding(
      lost.length === 0 && doubled.length === 0,
      'no line lost that was accepted, none twice',
      `${lost.length} lost, ${doubled.length} doubled`,
    ),
    finding(
      till.paid >= plan.size.orders && till.paidFen >= plan.size.orders * FEN_BY_ORDER,
      `over ${plan.size.orders} orders and ${Math.round((plan.size.orders * FEN_BY_ORDER) / 100)} yuan, as in the report`,
      `${till.paid} orders, ${till.paidFen} fen`,
    ),
    finding(
      till.faults.length === 0,
      'no order was answered wrongly',
      `${till.faults.length}: ${till.faults.slice(0, 3).join('; ')}`,
    ),
  ]
}

function sayFigures(
  till: Till,
  audience: Audience,
  record: StreamRecord,
  chat: { taken: ReadonlySet<string>; refused: ReadonlyMap<string, number> },
  size: EveningSize,
  tookS: number,
): void {
  const sorted = till.latenciesMs.sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(0)
  say('')
  say(`  ${tookS.toFixed(0)} s, seed ${size.seed}`)
  say(`  ${till.paid} orders paid, ${(till.paidFen / 100).toFixed(2)} yuan, ${(till.paidG / 1e6).toFixed(2)} t`)
  say(
    `  ${till.soldOut} found it sold out, ${till.cancelled} cancelled, ${till.unpaid} left unpaid, ${till.replayed} sent twice`,
  )
  say(`  an order was answered within ${at(0.5)} ms (median), ${at(0.99)} ms (p99)`)
  say(
    `  ${size.viewers} viewers, ${audience.peak} at once, ${audience.comebacks} came back after their line broke, ${audience.frames} frames`,
  )
  const refused = [...chat.refused].map(([code, times]) => `${times} ${code}`).join(', ')
  say(
    `  ${chat.taken.size} lines of chat taken${refused === '' ? '' : `, refused ${refused}`}; ${record.pins.length} pins`,
  )
  say('')
}

/** Plays the evening against a started server; gives the exit code: 0 when every invariant held. */
export async function playPingshun(args: readonly string[]): Promise<number> {
  const { base, size } = readSize(args)
  const findings = await playEvening(base, size)
  for (const { ok, what, detail } of findings) say(`${ok ? 'ok    ' : 'BROKEN'} ${what}${ok ? '' : `: ${detail}`}`)
  return findings.every(({ ok }) => ok) ? 0 : 1
}
