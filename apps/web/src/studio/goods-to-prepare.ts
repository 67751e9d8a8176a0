import type { Order } from '@chunbo/contract/orders'

export interface GoodsToPrepare {
  key: string
  titleZh: string
  titleEn: string
  netG: number
  qty: number
}

/** The packs that a set of orders needs, summed by product and pack size, most packs first. */
export function goodsToPrepare(orders: readonly Order[]): GoodsToPrepare[] {
  const sums = new Map<string, GoodsToPrepare>()
  for (const line of orders.flatMap((order) => order.lines)) {
    const key = `${line.skuId}/${line.netG}`
    const sum = sums.get(key)
    if (sum) sum.qty += line.qty
    else sums.set(key, { key, titleZh: line.titleZh, titleEn: line.titleEn, netG: line.netG, qty: line.qty })
  }
  return [...sums.values()].sort((a, b) => b.qty - a.qty)
}
