import { randomUUID } from 'node:crypto'
import type { PlannedOrder } from './evening-plan.ts'
import { type Answer, addressOf, Person } from './person.ts'

/** A SKU of the evening as it stands in the shop. */
export interface PlacedGoods {
  readonly shopId: number
  readonly skuId: number
  readonly priceFen: number
  readonly netG: number
  readonly packs: number
}

export interface Buyer {
  readonly person: Person
  readonly addressId: number
}

/** What the buyers were told, to be compared with what the system says at the end. */
export class Till {
  paid = 0
  paidFen = 0
  paidG = 0
  soldOut = 0
  cancelled = 0
  unpaid = 0
  replayed = 0
  /** Packs in orders that stand, paid or not, by SKU. */
  readonly packsHeld = new Map<number, number>()
  readonly faults: string[] = []
  readonly latenciesMs: number[] = []

  hold({ skuId }: PlacedGoods, packs: number): void {
    this.packsHeld.set(skuId, (this.packsHeld.get(skuId) ?? 0) + packs)
  }
}

const PASSWORD = 'pingshun-evening'
/** Sign-ups under way at a time; each costs the server a tenth of a second for the password. */
const SIGN_UPS = 4

/** Makes so many accounts by the public sign-up, each from an address of its own, and gives them an address to send to. */
export async function signUpBuyers(base: string, count: number, run: string): Promise<Buyer[]> {
  const buyers: Buyer[] = []
  let next = 0
  async function signUp(): Promise<void> {
    while (next < count) {
      const index = next
      next += 1
      const person = new Person(base, addressOf(base, 241, index))
      const email = `pingshun-${run}-${index}@sim.chunbo`
      await person.send('POST', '/api/auth/sign-up/email', { name: `买家${index}`, email, password: PASSWORD })
      const { id: addressId } = await person.send<{ id: number }>('POST', '/api/me/addresses', {
        name: `买家${index}`,
        phone: `+86199${String(index).padStart(8, '0')}`,
        regionCode: 110105,
        detail: '模拟路 1 号院 1 号楼 101',
        isDefault: true,
      })
      buyers[index] = { person, addressId }
    }
  }
  await Promise.all(Array.from({ length: Math.min(SIGN_UPS, count) }, signUp))
  return buyers
}

const codeOf = ({ body }: Answer) => (body as { code?: string } | null)?.code ?? ''

/** One planned order, from the tap to the payment. What contradicts itself goes to the faults. */
export async function buy(
  till: Till,
  { person, addressId }: Buyer,
  order: PlannedOrder,
  goods: PlacedGoods,
  roomId: number,
): Promise<void> {
  const { shopId, skuId, priceFen } = goods
  const key = { 'idempotency-key': randomUUID() }
  const body = { lines: [{ shopId, skuId, qty: order.qty, expectedPriceFen: priceFen }], addressId, roomId }
  const startMs = performance.now()
  const placed = await person.ask('POST', '/api/checkouts', body, key)
  till.latenciesMs.push(performance.now() - startMs)
  if (codeOf(placed) === 'orders.sold_out') {
    till.soldOut += 1
    return
  }
  const { checkoutId, totalFen } = placed.body as { checkoutId: string; totalFen: number }
  if (placed.status >= 300 || totalFen !== order.qty * priceFen) {
    till.faults.push(`an order was answered ${placed.status} ${JSON.stringify(placed.body)}`)
    return
  }
  if (placed.status === 200) till.replayed += 1
  if (order.then === 'twice') {
    const again = await person.ask('POST', '/api/checkouts', body, key)
    const same = (again.body as { checkoutId?: string }).checkoutId === checkoutId
    if (again.status !== 200 || !same) till.faults.push(`a repeated order was answered ${again.status}`)
    till.replayed += 1
  }
  if (order.then === 'cancel') {
    await person.send('POST', `/api/checkouts/${checkoutId}/cancel`, {})
    till.cancelled += 1
    return
  }
  till.hold(goods, order.qty)
  if (order.then === 'leave') {
    till.unpaid += 1
    return
  }
  const paid = await person.ask('POST', `/api/checkouts/${checkoutId}/pay`, { method: 'sandbox' })
  if (paid.status >= 300) {
    till.faults.push(`a payment was answered ${paid.status} ${codeOf(paid)}`)
    return
  }
  till.paid += 1
  till.paidFen += totalFen
  till.paidG += order.qty * goods.netG
}
