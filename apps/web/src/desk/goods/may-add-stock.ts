import type { Me } from '@chunbo/contract/identity'

/** Whether somebody may add packs for a shop from the desk: stock is the shop's, so it needs its role (or the operator's). */
export function mayAddStock(who: Me | null | undefined, shopId: number): boolean {
  return (
    who?.grants.some(({ role, shopId: own }) => role === 'operator' || (role === 'shop' && own === shopId)) ?? false
  )
}
