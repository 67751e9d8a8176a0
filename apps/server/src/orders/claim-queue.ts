import type { ClaimedCoupon } from '@chunbo/contract'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'

/** Claims that one statement decides, at most. */
const BATCH_MAX = 1000
/** Claims that wait for a statement, at most; the next is refused at once. */
const WAITING_MAX = 20_000

/** A claim in the database; what it answers. */
interface ClaimRow extends Omit<ClaimedCoupon, 'dropId' | 'validUntil'> {
  readonly outcome: 'claimed' | 'unknown' | 'closed' | 'gone'
  readonly validUntil: Date
  readonly remaining: number
}

const CLAIM = `select outcome, coupon_id as "couponId", shop_id as "shopId", off_fen as "offFen", from_fen as "fromFen",
  valid_until as "validUntil", remaining from claim_coupons($1, $2, $3)`

const refusals = {
  unknown: 'orders.no_coupon_offer',
  closed: 'orders.coupons_closed',
  gone: 'orders.coupons_gone',
} as const

interface Waiting {
  readonly dropId: number
  readonly buyerId: number
  readonly resolve: (row: ClaimRow) => void
  readonly reject: (error: unknown) => void
}

export interface ClaimQueue {
  /**
   * Takes a coupon of an offer for a buyer; whoever has it already is told the same coupon again.
   * @throws Refusal orders.no_coupon_offer, orders.coupons_closed, orders.coupons_gone, orders.busy
   */
  claim(dropId: number, buyerId: number): Promise<ClaimedCoupon>
  /** Resolves when all that were taken in have been answered. */
  drain(): Promise<void>
}

/**
 * When a coupon drops, thousands tap in the same second, and each claim changes the row that counts what remains. So claims are
 * gathered while the statement before is in the database, as orders are, and one statement decides all of them. `onRemaining` hears what
 * remains of each offer after the commit.
 */
export function createClaimQueue(
  db: Queryable,
  clock: Clock,
  onRemaining: (dropId: number, remaining: number) => void,
): ClaimQueue {
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined

  async function decide(batch: readonly Waiting[]): Promise<void> {
    let rows: ClaimRow[]
    try {
      const columns = [batch.map(({ dropId }) => dropId), batch.map(({ buyerId }) => buyerId)]
      rows = await db.query<ClaimRow>(CLAIM, [clock.now(), ...columns], 'claim-coupons')
    } catch (error) {
      for (const one of batch) one.reject(error)
      return
    }
    const left = new Map<number, number>()
    for (const [index, one] of batch.entries()) {
      const row = rows[index]
      if (row === undefined) {
        one.reject(new Error('the answer to a batch of claims is shorter than the batch'))
        continue
      }
      if (row.outcome !== 'unknown') left.set(one.dropId, row.remaining)
      one.resolve(row)
    }
    for (const [dropId, remaining] of left) onRemaining(dropId, remaining)
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_MAX)
      waiting = waiting.slice(BATCH_MAX)
      await decide(batch)
    }
    running = undefined
  }

  return {
    async claim(dropId, buyerId) {
      if (waiting.length >= WAITING_MAX) throw new Refusal('orders.busy', {}, { retryAfterS: 1 })
      const answer = new Promise<ClaimRow>((resolve, reject) => {
        waiting.push({ dropId, buyerId, resolve, reject })
      })
      // After the sockets that are ready now have been read, so that what arrived together goes together.
      running ??= new Promise<void>((resolve) => setImmediate(resolve)).then(run)
      const { outcome, remaining: _, validUntil, ...coupon } = await answer
      if (outcome !== 'claimed') throw new Refusal(refusals[outcome])
      return { ...coupon, dropId, validUntil: validUntil.toISOString() }
    },
    async drain() {
      await running
    },
  }
}
