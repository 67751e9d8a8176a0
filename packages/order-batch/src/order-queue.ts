import type { Checkout, CheckoutOutcome } from './checkout.ts'
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
  /** Told after the commit, before the buyers are. */
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
  let inFlight = 0
  const claimsInFlight = new Set<string>()
  let scheduled = false
  let draining = false
  const idle: (() => void)[] = []

  async function run(batch: readonly Waiting[], attempt = 1): Promise<void> {
    try {
      const packed = packBatch(
        batch.map(({ checkout }) => checkout),
        now(),
      )
      const answer = await execute(packed)
      const outcomes = readAnswer(packed, answer)
      tell(() => onStock?.(readStockLeft(packed, answer)))
      for (const [index, outcome] of outcomes.entries()) batch[index]?.resolve(outcome)
    } catch (error) {
      if (undoneByOthers(error) && attempt < attemptsMax) return run(batch, attempt + 1)
      if (badValue(error) && batch.length > 1) {
        const half = Math.ceil(batch.length / 2)
        await run(batch.slice(0, half))
        return run(batch.slice(half))
      }
      for (const one of batch) one.reject(error)
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
      if (claimsInFlight.has(one.claim)) {
        left.push(one)
      } else {
        lines += one.checkout.lines.length
        batch.push(one)
      }
    }
    waiting = left.length === 0 ? waiting.slice(at) : [...left, ...waiting.slice(at)]
    return batch
  }

  async function send(batch: readonly Waiting[]): Promise<void> {
    const startMs = performance.now()
    const queued = waiting.length
    for (const { claim } of batch) claimsInFlight.add(claim)
    await run(batch)
    for (const { claim } of batch) claimsInFlight.delete(claim)
    tell(() =>
      onBatch?.({
        checkouts: batch.length,
        queued,
        oldestWaitMs: startMs - (batch[0]?.sinceMs ?? startMs),
        executeMs: performance.now() - startMs,
      }),
    )
  }

  function pump(): void {
    scheduled = false
    while (inFlight < inFlightMax) {
      const batch = takeBatch()
      if (batch.length === 0) return
      inFlight += 1
      send(batch).finally(() => {
        inFlight -= 1
        if (inFlight === 0 && waiting.length === 0) for (const resolve of idle.splice(0)) resolve()
        schedule()
      })
    }
  }

  /** Sends after the sockets that are ready now have been read, so that what arrived together goes together. */
  function schedule(): void {
    if (scheduled || waiting.length === 0 || inFlight >= inFlightMax) return
    scheduled = true
    setImmediate(pump)
  }

  return {
    get depth() {
      return waiting.length
    },
    place(checkout) {
      if (draining) return Promise.reject(new QueueBusy('draining'))
      if (waiting.length >= queueMax) return Promise.reject(new QueueBusy('full'))
      return new Promise((resolve, reject) => {
        const claim = `${checkout.buyerId}/${checkout.key.toLowerCase()}`
        waiting.push({ checkout, claim, sinceMs: performance.now(), resolve, reject })
        schedule()
      })
    },
    drain() {
      draining = true
      if (inFlight === 0 && waiting.length === 0) return Promise.resolve()
      return new Promise((resolve) => idle.push(resolve))
    },
  }
}
