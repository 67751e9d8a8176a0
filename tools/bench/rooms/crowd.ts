import { constants, inflateRawSync } from 'node:zlib'
import { reconnectDelayMs } from '@chunbo/contract'
import { workedUs } from './awake.ts'
import { nowUs } from './child-link.ts'
import { eventsIn, offsetIn, percentile, stampsIn } from './frames.ts'
import { RawViewer, textFrame, type ViewerPlace } from './raw-viewer.ts'

/** How the peer speaks: our room's protocol, Socket.IO's, or frames without any. */
export type Manner = 'room' | 'socketio' | 'plain'

export interface CrowdPlan {
  readonly count: number
  readonly port: number
  /** `{room}` and `{user}` are put in. */
  readonly path: string
  readonly manner: Manner
  /** Rooms over which the crowd is spread; 1 by default. */
  readonly rooms?: number
  /** One in so many looks at every frame as a whole. */
  readonly sampleEvery: number
  /** Those who look at whole frames note the stock of the first SKU. */
  readonly watchesStock?: boolean
  /** Offers compression as browsers do. */
  readonly deflates?: boolean
  /** Come back by themselves when they are thrown out. */
  readonly comesBack?: boolean
  /** Second number of the addresses they come from, 127.N.x.x. */
  readonly network: number
}

export interface CrowdFigures {
  readonly frames: number
  readonly framesMin: number
  readonly framesMax: number
  readonly bytes: number
  readonly there: number
  /** Snapshots that slow viewers got instead of ticks, since they came. */
  readonly caughtUp: number
  /** Lines of chat that the room took from this crowd, and those it did not. */
  readonly accepted: number
  readonly refused: number
  readonly samples: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Share of its core that the load itself took. */
  readonly loadShare: number
}

/** Handshakes under way at a time while a crowd comes in; more would overflow the queue of the listening socket. */
const DOORS = 200
const BY_ADDRESS = 50
const ACK_MS = 5_000
const PING_MS = 20_000
const PEEK = { room: 112, socketio: 4, plain: 1 } as const

/** `{"t":"tick"` has its t here. */
const TICK = 't'.charCodeAt(0)
const DEFLATE_AS_CHROME_OFFERS = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'
const DEFLATE_TAIL = Buffer.from([0, 0, 0xff, 0xff])
const PING = textFrame('{"t":"ping"}')

/** Viewers of one server. */
export class Crowd {
  readonly #plan: CrowdPlan
  readonly viewers: RawViewer[] = []
  /** Viewers that have their first state, by index. */
  readonly #there = new Set<number>()
  readonly #framesBefore: number[] = []
  /** At the last time that a ping might have been due. */
  readonly #framesAtPing: number[] = []
  readonly #attempts: number[] = []
  readonly #offsets: number[] = []
  readonly #isStalled = new Set<number>()
  #bytesBefore = 0
  #latenciesMs: number[] = []
  readonly #stockSeen = new Map<number, [us: number, stock: number][]>()
  #accepted = 0
  #refused = 0
  readonly #inflated = new Map<string, Buffer>()
  /** Snapshots to those who were slow. */
  #caughtUp = 0
  #epoch = ''
  #allThere: (() => void) | null = null
  #wanted = 0
  #next = 0
  #slot = 0
  #timer: NodeJS.Timeout | undefined
  #markedUs = 0
  #cpuBeforeUs = 0
  #closing = false
  /** Messages of the load in all. */
  messages = 0
  /** Those put out who do not come back. */
  lost = 0
  onFrame: (() => void) | null = null

  constructor(plan: CrowdPlan) {
    this.#plan = plan
  }

  /** Lets them all in; resolves when everyone has the first state. */
  async enter(): Promise<void> {
    this.#wanted = this.#plan.count
    const there = new Promise<void>((resolve) => {
      this.#allThere = resolve
    })
    for (let door = 0; door < Math.min(DOORS, this.#plan.count); door += 1) this.#openNext()
    await there
    // A tenth of a second at a time a fiftieth of them says what it has, as clients whose clocks are unlike each other do.
    if (this.#plan.manner === 'room') this.#timer = setInterval(() => this.#sayWhatIsDue(), 100)
  }

  /** From now on nobody counts as being there; resolves when everyone has come anew. */
  async comeAnew(): Promise<void> {
    this.#there.clear()
    await new Promise<void>((resolve) => {
      this.#allThere = resolve
    })
  }

  /** The first so many stop reading and speaking, and are not counted any more. */
  stall(count: number): void {
    for (const viewer of this.viewers.slice(0, count)) {
      viewer.stall()
      this.#isStalled.add(viewer.index)
    }
  }

  mark(): void {
    this.#markedUs = nowUs()
    this.#cpuBeforeUs = workedUs()
    this.#latenciesMs = []
    this.#stockSeen.clear()
    this.#accepted = 0
    this.#refused = 0
    this.#bytesBefore = this.#bytes()
    for (const viewer of this.viewers) this.#framesBefore[viewer.index] = viewer.frames
  }

  figures(): CrowdFigures {
    const counts = this.viewers
      .filter((viewer) => !this.#isStalled.has(viewer.index))
      .map((viewer) => viewer.frames - (this.#framesBefore[viewer.index] ?? 0))
    const sorted = this.#latenciesMs.sort((a, b) => a - b)
    return {
      frames: counts.reduce((sum, count) => sum + count, 0),
      framesMin: counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY),
      framesMax: counts.reduce((most, count) => Math.max(most, count), 0),
      bytes: this.#bytes() - this.#bytesBefore,
      there: this.#there.size,
      caughtUp: this.#caughtUp,
      accepted: this.#accepted,
      refused: this.#refused,
      samples: sorted.length,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
      maxMs: sorted.at(-1) ?? Number.NaN,
      loadShare: (workedUs() - this.#cpuBeforeUs) / (nowUs() - this.#markedUs),
    }
  }

  leave(): void {
    this.#closing = true
    clearInterval(this.#timer)
    for (const viewer of this.viewers) viewer.destroy()
  }

  #bytes(): number {
    return this.viewers.reduce((sum, viewer) => sum + viewer.bytes, 0)
  }

  #openNext(): void {
    if (this.#next >= this.#plan.count) return
    this.#open(this.#next)
    this.#next += 1
  }

  #open(index: number): void {
    const { port, path, manner, rooms = 1, network, deflates = false } = this.#plan
    const block = Math.floor(index / BY_ADDRESS)
    const place: ViewerPlace = {
      port,
      path: path.replace('{room}', String(1 + (index % rooms))).replace('{user}', String(index + 1)),
      from: `127.${network}.${1 + Math.floor(block / 250)}.${1 + (block % 250)}`,
      headers: deflates ? [DEFLATE_AS_CHROME_OFFERS] : [],
    }
    this.viewers[index] = new RawViewer(
      index,
      place,
      {
        open: (viewer) => this.#opened(viewer),
        frame: (viewer, payload, size, deflated) => {
          const known = deflated ? this.#inflate(payload, size) : payload
          this.#framed(viewer, known)
        },
        gone: (viewer, retryAfterS) => this.#gone(viewer.index, retryAfterS),
      },
      PEEK[manner],
    )
  }

  #opened(viewer: RawViewer): void {
    const { manner } = this.#plan
    if (manner === 'plain') this.#arrived(viewer.index)
    if (manner !== 'room') return
    const offset = this.#offsets[viewer.index]
    const known = this.#epoch !== '' && offset !== undefined
    viewer.write(textFrame(JSON.stringify(known ? { t: 'hello', epoch: this.#epoch, offset } : { t: 'hello' })))
  }

  /** `head` is null for a deflated frame that nobody has seen whole yet; those are ticks. */
  #framed(viewer: RawViewer, head: Buffer | null): void {
    if (head !== null && !this.#isOfLoad(viewer, head)) {
      viewer.frames -= 1
      return
    }
    this.messages += head === null || this.#plan.manner !== 'room' ? 1 : eventsIn(head)
    this.onFrame?.()
    if (head === null || !viewer.wantsWhole) return
    const us = nowUs()
    if (this.#plan.watchesStock === true) this.#noteStock(viewer.index, us, head)
    for (const sentUs of stampsIn(head.toString('latin1'))) this.#latenciesMs.push((us - sentUs) / 1000)
  }

  #noteStock(index: number, us: number, frame: Buffer): void {
    const stock = /"skuId":1,"stock":(\d+)/.exec(frame.toString('latin1'))?.[1]
    if (stock === undefined) return
    const seen = this.#stockSeen.get(index) ?? []
    this.#stockSeen.set(index, seen)
    seen.push([us, Number(stock)])
  }

  /**
   * How long after each look at the database, in which stock only falls, a viewer saw as little or less; over all who noted it.
   * `unseen` are those pairs of a look and a viewer that never came to pass.
   */
  stockLag(looks: readonly (readonly [us: number, stock: number])[]): { p50Ms: number; p99Ms: number; unseen: number } {
    const lagsMs: number[] = []
    let unseen = 0
    for (const seen of this.#stockSeen.values()) {
      let at = 0
      for (const [us, stock] of looks) {
        while (at < seen.length && (seen[at]?.[1] ?? 0) > stock) at += 1
        const found = seen[at]
        if (found === undefined) unseen += 1
        else lagsMs.push(Math.max(0, (found[0] - us) / 1000))
      }
    }
    lagsMs.sort((a, b) => a - b)
    return { p50Ms: percentile(lagsMs, 0.5), p99Ms: percentile(lagsMs, 0.99), unseen }
  }

  #isOfLoad(viewer: RawViewer, head: Buffer): boolean {
    switch (this.#plan.manner) {
      case 'room':
        return this.#isTick(viewer, head)
      case 'socketio':
        return this.#isOfSocketIoLoad(viewer, head)
      case 'plain':
        return true
    }
  }

  /** What a deflated frame says. All get the same bytes, so whoever looks at the whole inflates it for all, known by its first bytes. */
  #inflate(payload: Buffer, size: number): Buffer | null {
    const key = `${size}:${payload.toString('latin1', 0, PEEK.room)}`
    const known = this.#inflated.get(key)
    if (known !== undefined || payload.length < size) return known ?? null
    const text = inflateRawSync(Buffer.concat([payload, DEFLATE_TAIL]), { finishFlush: constants.Z_SYNC_FLUSH })
    if (this.#inflated.size > 100) this.#inflated.clear()
    this.#inflated.set(key, text)
    return text
  }

  /** Engine.IO's 0 open and 2 ping and Socket.IO's 40 connect are answered; 42 is an event. */
  #isOfSocketIoLoad(viewer: RawViewer, head: Buffer): boolean {
    const start = head.toString('latin1', 0, 2)
    if (start[0] === '0') viewer.write(textFrame('40'))
    else if (start[0] === '2') viewer.write(textFrame('3'))
    else if (start === '40') this.#arrived(viewer.index)
    return start === '42'
  }

  /** Whether it is a tick; of a snapshot or of what was missed, which begin a viewer's stay, the epoch is kept. */
  #isTick(viewer: RawViewer, head: Buffer): boolean {
    const offset = offsetIn(head)
    if (offset >= 0) this.#offsets[viewer.index] = offset
    if (head[6] === TICK) return true
    const reply = head.toString('latin1', 6, 14)
    if (reply === 'accepted') this.#accepted += 1
    else if (reply === 'refused"') this.#refused += 1
    const epoch = /^{"t":"(?:snapshot|resumed)","epoch":"([^"]+)"/.exec(head.toString('latin1', 0, 96))?.[1]
    if (epoch === undefined) return false
    this.#epoch = epoch
    if (this.#there.has(viewer.index)) this.#caughtUp += 1
    else this.#arrived(viewer.index)
    return false
  }

  #arrived(index: number): void {
    this.#there.add(index)
    const viewer = this.viewers[index]
    const { sampleEvery } = this.#plan
    if (viewer !== undefined) viewer.wantsWhole = index % sampleEvery === sampleEvery - 1
    this.#attempts[index] = 0
    this.#openNext()
    if (this.#there.size < this.#wanted) return
    this.#allThere?.()
    this.#allThere = null
  }

  #gone(index: number, retryAfterS: number): void {
    if (this.#closing) return
    // Who never came in tries again as our web app does.
    if (this.#there.delete(index) && this.#plan.comesBack !== true) {
      this.lost += 1
      return
    }
    const attempt = this.#attempts[index] ?? 0
    this.#attempts[index] = attempt + 1
    const pauseMs = retryAfterS * 1000 + reconnectDelayMs(attempt, Math.random())
    setTimeout(() => {
      if (!this.#closing) this.#open(index)
    }, pauseMs)
  }

  #sayWhatIsDue(): void {
    const slots = ACK_MS / 100
    this.#slot += 1
    const pings = this.#slot % (PING_MS / 100) < slots
    for (let index = this.#slot % slots; index < this.viewers.length; index += slots) {
      const viewer = this.viewers[index]
      if (viewer === undefined || !this.#there.has(index) || this.#isStalled.has(index)) continue
      viewer.write(textFrame(`{"t":"ack","offset":${this.#offsets[index] ?? 0}}`))
      if (!pings) continue
      if (viewer.frames === this.#framesAtPing[index]) viewer.write(PING)
      this.#framesAtPing[index] = viewer.frames
    }
  }
}
