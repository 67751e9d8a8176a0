import type { Database } from '../platform/database.ts'
import { one } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { PaymentMethod } from './payment-method.ts'

interface PaidRow {
  readonly outcome: 'paid' | 'replayed' | 'unknown' | 'expired' | 'cancelled'
  readonly paidFen: number
  readonly paidAt: Date
}

/**
 * Pays a buyer's checkout; paying it again answers the first payment. Amounts in fen.
 * @throws Refusal payments.checkout_unknown, payments.checkout_expired, payments.checkout_cancelled
 */
export async function payCheckout(
  db: Database,
  payment: { buyerId: number; checkoutId: string; method: PaymentMethod; now: Date },
): Promise<{ checkoutId: string; paidFen: number; paidAt: Date }> {
  const { buyerId, checkoutId, method, now } = payment
  const { outcome, paidFen, paidAt } = one(
    await db.query<PaidRow>(
      'select outcome, paid_fen as "paidFen", paid_time as "paidAt" from pay_checkout($1, $2, $3, $4)',
      [now, buyerId, checkoutId, method.id],
    ),
  )
  if (outcome !== 'paid' && outcome !== 'replayed') throw new Refusal(`payments.checkout_${outcome}`)
  return { checkoutId: checkoutId.toLowerCase(), paidFen, paidAt }
}
