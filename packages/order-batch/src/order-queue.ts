import type { Checkout, CheckoutOutcome } from './checkout.ts'
import { LatestStock } from './latest-stock.ts'
import { type PackedBatch, packBatch } from './pack-batch.ts'
import { type BatchAnswer, readAnswer, readStockLeft, type StockLeft } from './read-answer.ts'

/** Thrown at once to a checkout that finds the queue full or closed. Nothing was bought; it may be sent again. */
export class QueueBusy extends Error {
  readonly retryAfterS = 1
  readonly reason: 'full' | 'draining'

  constructor(reason: 'full' | 'draining') {
    super(`the order queue is ${reason}`)
    this.reason = reason
  }
}

/** What a batch that has been answered can tell to metrics. Times are in milliseconds. */
export interface BatchReport {
  readonly checkouts: number
  readonly queued: number
  readonly oldestWaitMs: number
  readonly executeMs: number
}

export interface OrderQueueOptions {
  /** Runs the statement of a packed batch in a read committed transaction of its own and answers its one row. */
  readonly execute: (batch: PackedBatch) => Promise<BatchAnswer>
  /** The clock that orders are dated by. */
  readonly now: () => Date
  /** At most so many checkouts in a batch. */
  readonly batchMax?: number
  /** At most so many lines in a batch, unless a single checkout has more. */
  readonly batchLinesMax?: number
  /** At most so many batches in the database at a time. */
  readonly inFlightMax?: number
  /** At most so many checkouts waiting for a batch; the next is refused. */
  readonly queueMax?: number
  readonly onBatch?: (report: BatchReport) => void
  /** Told after the commit, before the buyers are; of a SKU never an older level after a newer one. */
  readonly onStock?: (left: readonly StockLeft[]) => void
}

/** A listener that throws must not turn a committed order into an error: its fault is said as a warning of the process. */
function tell(listener: () => void): void {
  try {
    listener()
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : new Error(String(error)))
  }
}

export interface OrderQueue {
  /**
   * Places a checkout with the next batch and answers when it is durable. Rejects with {@link QueueBusy} at once when
   * the queue is full or draining, and with the database's error when the fate of the batch is not known: sending the
   * checkout again with the same key is always safe.
   */
  place(checkout: Checkout): Promise<CheckoutOutcome>
  /** Refuses new checkouts and resolves when all that were taken in have been answered. */
  drain(): Promise<void>
  /** Checkouts waiting for a batch. */
  readonly depth: number
}

interface Waiting {
  readonly checkout: Checkout
  /** Buyer and key: what may be in one batch in flight only, so that batches of one process do not wait for each other's keys. */
  readonly claim: string
  readonly sinceMs: number
  readonly resolve: (outcome: CheckoutOutcome) => void
  readonly reject: (error: unknown) => void
}

/** Checkouts that go together; packed already, or when they are sent. */
interface Batch {
  readonly checkouts: readonly Waiting[]
  readonly packed: PackedBatch | undefined
}

const attemptsMax = 5

function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** The database undid the batch because of others (serialization failure, deadlock): the same batch may simply run again. */
const undoneByOthers = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error))

/** The database refused a value in the batch (data exception, constraint): one checkout is bad, the others are not. */
const badValue = (error: unknown): boolean => error instanceof RangeError || /^2[23]/.test(sqlState(error))

/**
 * Group commit: while batches are in the database the next one gathers, so that one round trip and one flush of the log
 * carry hundreds of checkouts. Alone, a checkout is sent at once.
 */
export function createOrderQueue(options: OrderQueueOptions): OrderQueue {
  const {
    execute,
    now,
    onBatch,
    onStock,
    batchMax = 500,
    batchLinesMax = 2000,
    inFlightMax = 2,
    queueMax = 5000,
  } = options
  let waiting: Waiting[] = []
  /** A full batch that is packed while the database is busy, to go out the moment another comes back. */
  let packedAhead: Batch | undefined
  let inFlight = 0
  const claimsTaken = new Set<string>()
  const latest = new LatestStock()
  let scheduled = false
  let draining = false
  const idle: (() => void)[] = []

  const pack = (batch: readonly Waiting[]): PackedBatch =>
    packBatch(
      batch.map(({ checkout }) => checkout),
      now(),
    )
  const depth = () => waiting.length + (packedAhead?.checkouts.length ?? 0)

  /** Sees a batch through to its answer. The next one is sent before this one's buyers are told, for that takes longer. */
  async function run(
    checkouts: readonly Waiting[],
    packed: PackedBatch | undefined,
    sendNext: () => void,
    attempt = 1,
  ) {
    try {
      const batch = packed ?? pack(checkouts)
      const answer = await execute(batch)
      sendNext()
      const outcomes = readAnswer(batch, answer)
      tell(() => {
        const left = latest.newsOf(readStockLeft(batch, answer), Number(answer.log_position))
        if (left.length > 0) onStock?.(left)
      })
      for (const [index, outcome] of outcomes.entries()) checkouts[index]?.resolve(outcome)
    } catch (error) {
      if (undoneByOthers(error) && attempt < attemptsMax) return run(checkouts, undefined, sendNext, attempt + 1)
      if (badValue(error) && checkouts.length > 1) {
        const half = Math.ceil(checkouts.length / 2)
        await run(checkouts.slice(0, half), undefined, () => {})
        return run(checkouts.slice(half), undefined, sendNext)
      }
      for (const one of checkouts) one.reject(error)
    }
  }

  /** Takes the next batch off the queue, within both limits, and leaves behind whose key is in the database just now. */
  function takeBatch(): Waiting[] {
    const batch: Waiting[] = []
    const left: Waiting[] = []
    let lines = 0
    let at = 0
    for (const one of waiting) {
      if (batch.length === batchMax || (batch.length > 0 && lines + one.checkout.lines.length > batchLinesMax)) break
      at += 1
      if (claimsTaken.has(one.claim)) {
        left.push(one)
      } else {
        lines += one.checkout.lines.length
        batch.push(one)
      }
    }
    waiting = left.length === 0 ? waiting.slice(at) : [...left, ...waiting.slice(at)]
    for (const { claim } of batch) claimsTaken.add(claim)
    return batch
  }

  function packAhead(): void {
    const checkouts = takeBatch()
    if (checkouts.length === 0) return
    try {
      packedAhead = { checkouts, packed: pack(checkouts) }
    } catch {
      // A bad value: it is found again, and told to the one that sent it, when the batch runs.
      packedAhead = { checkouts, packed: undefined }
    }
  }

  async function send({ checkouts, packed }: Batch): Promise<void> {
    const startMs = performance.now()
    const queued = depth()
    inFlight += 1
    let inDatabase = true
    const leave = () => {
      if (inDatabase) inFlight -= 1
      inDatabase = false
    }
    await run(checkouts, packed, () => {
      leave()
      if (packedAhead !== undefined || waiting.length >= batchMax) pump()
    })
    leave()
    for (const { claim } of checkouts) claimsTaken.delete(claim)
    tell(() =>
      onBatch?.({
        checkouts: checkouts.length,
        queued,
        oldestWaitMs: startMs - (checkouts[0]?.sinceMs ?? startMs),
        executeMs: performance.now() - startMs,
      }),
    )
    if (inFlight === 0) latest.forget()
    if (inFlight === 0 && depth() === 0) for (const resolve of idle.splice(0)) resolve()
    schedule()
  }

  function pump(): void {
    scheduled = false
    while (inFlight < inFlightMax) {
      const batch = packedAhead ?? { checkouts: takeBatch(), packed: undefined }
      packedAhead = undefined
      if (batch.checkouts.length === 0) return
      void send(batch)
    }
    if (packedAhead === undefined && waiting.length >= batchMax) packAhead()
  }

  /** Sends after the sockets that are ready now have been read, so that what arrived together goes together. */
  function schedule(): void {
    if (scheduled || depth() === 0) return
    if (inFlight >= inFlightMax && (packedAhead !== undefined || waiting.length < batchMax)) return
    scheduled = true
    setImmediate(pump)
  }

  return {
    get depth() {
      return depth()
    },
    place(checkout) {
      if (draining) return Promise.reject(new QueueBusy('draining'))
      if (depth() >= queueMax) return Promise.reject(new QueueBusy('full'))
      return new Promise((resolve, reject) => {
        const claim = `${checkout.buyerId}/${checkout.key.toLowerCase()}`
        waiting.push({ checkout, claim, sinceMs: performance.now(), resolve, reject })
        schedule()
      })
    },
    drain() {
      draining = true
      if (inFlight === 0 && depth() === 0) return Promise.resolve()
      return new Promise((resolve) => idle.push(resolve))
    },
  }
}
