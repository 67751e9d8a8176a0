import type { MerchantRow } from '@chunbo/contract/merchants'
import type { House } from './house.ts'
import type { Visit } from './visits.ts'

const merchant = 'merchant@demo.chunbo'

/** Pages of a merchant, with what waits for an answer. */
export async function merchantVisits(house: House): Promise<Visit[]> {
  const session = await house.session(merchant)
  const { items } = await session.send<{ items: MerchantRow[] }>('GET', '/api/my/merchants')
  const own = `/merchant/${items[0]?.id ?? 0}`
  const pattern = '/merchant/:merchantId(\\d+)'
  return [
    { route: '/merchant', path: '/merchant', as: merchant, name: 'merchant' },
    { route: '/merchant/new', path: '/merchant/new', as: merchant, name: 'merchant-new' },
    { route: `${pattern}/profile`, path: `${own}/profile`, as: merchant, name: 'merchant-profile' },
    { route: `${pattern}/prices`, path: `${own}/prices`, as: merchant, name: 'merchant-prices' },
    { route: `${pattern}/papers`, path: `${own}/papers`, as: merchant, name: 'merchant-papers' },
  ]
}
