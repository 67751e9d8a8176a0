/** The load, in a process of its own: crowds of raw viewers, told over IPC what to do. */
import { Agent, request } from 'node:http'
import { stayAwake } from './awake.ts'
import { answerParent, nowUs } from './child-link.ts'
import { Crowd, type CrowdPlan } from './crowd.ts'
import { stamp, tickOf } from './frames.ts'
import { type OrderPlan, OrderStream } from './order-stream.ts'
import { textFrame } from './raw-viewer.ts'

const crowds = new Map<string, Crowd>()
let orders: OrderStream | null = null
const agent = new Agent({ keepAlive: true, maxSockets: 8 })

function crowd(name: string): Crowd {
  const found = crowds.get(name)
  if (found === undefined) throw new Error(`no crowd ${name}`)
  return found
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

function post(port: number, path: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, method: 'POST', agent }, (answer) => {
      answer.resume()
      answer.on('end', resolve)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

interface Saturation {
  readonly name: string
  readonly port: number
  readonly path: string
  /** Whether the server sends on what it is given instead of making a frame of it. */
  readonly wrap: boolean
  readonly chars: number
  readonly seconds: number
  /** Messages that may be under way at a time. */
  readonly window: number
}

/**
 * Deliveries a second of a server that always has something to send: the next message is posted when the oldest of those under way
 * has reached everybody.
 */
async function saturate({ name, port, path, wrap, chars, seconds, window }: Saturation) {
  const { onEveryFrame, viewers, messages } = watch(name)
  let posted = 0
  let failure: unknown = null
  const say = () => {
    posted += 1
    post(port, path, wrap ? tickOf(stamp(nowUs(), chars)) : stamp(nowUs(), chars)).catch((error: unknown) => {
      failure = error
    })
  }
  const startUs = nowUs()
  crowd(name).mark()
  await new Promise<void>((resolve) => {
    onEveryFrame((seen) => {
      while (posted < wanted() && posted - seen / viewers < window) say()
      if (posted >= wanted() && seen >= posted * viewers) resolve()
    })
    for (let message = 0; message < window; message += 1) say()
  })
  onEveryFrame(null)
  if (failure !== null) throw failure
  return { messages: messages(), perS: (messages() / (nowUs() - startUs)) * 1e6, ...crowd(name).figures() }

  /** All the time there is more to say; when it is over, what is under way still arrives, so that no delivery goes uncounted. */
  function wanted(): number {
    return nowUs() - startUs < seconds * 1e6 ? Number.POSITIVE_INFINITY : posted
  }
}

/** Counts from here on what reaches a crowd. */
function watch(name: string) {
  const watched = crowd(name)
  const before = watched.messages
  return {
    viewers: watched.viewers.length,
    messages: () => watched.messages - before,
    onEveryFrame(each: ((seen: number) => void) | null) {
      watched.onFrame = each && (() => each(watched.messages - before))
    },
  }
}

/** Lets the viewers of a crowd talk in turn, so many lines a second, each stamped with the time it was sent. */
async function chat({ name, perS, chars, seconds }: { name: string; perS: number; chars: number; seconds: number }) {
  const { viewers } = crowd(name)
  const startUs = nowUs()
  let said = 0
  while (said < perS * seconds) {
    const due = Math.min(perS * seconds, Math.floor(((nowUs() - startUs) / 1e6) * perS))
    for (; said < due; said += 1) {
      const id = `${startUs}-${said}`
      const text = stamp(nowUs(), chars)
      // The step is prime to the number of viewers, so that speakers sit everywhere.
      viewers[(said * 7919) % viewers.length]?.write(textFrame(JSON.stringify({ t: 'chat', id, text })))
    }
    await pause(5)
  }
  return { said }
}

answerParent({
  stayAwake,
  async enter({ name, plan }: { name: string; plan: CrowdPlan }) {
    const startUs = nowUs()
    const entering = new Crowd(plan)
    crowds.set(name, entering)
    await entering.enter()
    return { tookS: (nowUs() - startUs) / 1e6 }
  },
  async leave({ name }: { name: string }) {
    crowd(name).leave()
    crowds.delete(name)
    await pause(300)
  },
  mark: ({ name }: { name: string }) => crowd(name).mark(),
  figures: ({ name }: { name: string }) => crowd(name).figures(),
  /** Seconds until everybody was thrown out and is there again; to be asked before they are thrown out. */
  async comeAnew({ name }: { name: string }) {
    const startUs = nowUs()
    await crowd(name).comeAnew()
    return { tookS: (nowUs() - startUs) / 1e6 }
  },
  stall: ({ name, count }: { name: string; count: number }) => crowd(name).stall(count),
  lost: ({ name }: { name: string }) => crowd(name).lost,
  saturate,
  chat,
  planOrders(plan: OrderPlan) {
    orders = new OrderStream(plan)
  },
  orders: ({ run }: { run: string }) => orders?.run(run),
  stockLag: ({ name, looks }: { name: string; looks: [number, number][] }) => crowd(name).stockLag(looks),
})
