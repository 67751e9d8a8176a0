import type { ShipInput } from '@chunbo/contract'
import type { Static } from 'typebox'
import { moveOrder } from '../orders/index.ts'
import { type Database, first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import { isSameParcel, type ParcelFacts, readParcel } from './parcel.ts'

async function findParcel(db: Database, shopId: number, orderId: number): Promise<ParcelFacts | null> {
  const rows = await db.query<ParcelFacts>(
    'select carrier, tracking_number as "trackingNumber" from parcels where shop_id = $1 and order_id = $2',
    [shopId, orderId],
  )
  return first(rows)
}

/**
 * Marks a paid order as handed to a carrier, with its parcel, in one transaction. Sent again with the same parcel it changes
 * nothing and is no error, so a lost answer can be asked for again.
 * @throws Refusal parcels.carrier_needed, parcels.shipped_otherwise, orders.not_found, orders.wrong_status
 */
export async function shipOrder(
  db: Database,
  order: { readonly shopId: number; readonly orderId: number },
  input: Static<typeof ShipInput>,
  actorId: number,
  at: Date,
): Promise<void> {
  const { shopId, orderId } = order
  const parcel = readParcel(input)
  if (!parcel) throw new Refusal('parcels.carrier_needed')
  try {
    await db.transaction(async (tx) => {
      await moveOrder(tx, { shopId, orderId, to: 'shipped', at })
      await tx.query(
        `insert into parcels (shop_id, order_id, carrier, tracking_number, shipped_by, shipped_at)
         values ($1, $2, $3, $4, $5, $6)`,
        [shopId, orderId, parcel.carrier, parcel.trackingNumber, actorId, at],
      )
    })
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'orders.wrong_status')) throw error
    const shipped = await findParcel(db, shopId, orderId)
    if (!shipped) throw error
    if (!isSameParcel(shipped, parcel)) {
      throw new Refusal('parcels.shipped_otherwise', { trackingNumber: shipped.trackingNumber })
    }
  }
}
