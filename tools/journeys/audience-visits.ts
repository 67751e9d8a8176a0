import { JINGDONG } from '../demo/counties/demo-shop.ts'
import type { House } from './house.ts'
import type { Visit } from './visits.ts'

const buyer = 'buyer@demo.chunbo'

/** Makes a buyer follow a county, so that there is something to see. */
export async function audienceVisits(house: House): Promise<Visit[]> {
  const session = await house.session(buyer)
  await session.send('PUT', `/api/counties/${JINGDONG}/follow`, {})
  return [
    { route: '/me/notices', path: '/me/notices', as: buyer, name: 'notices' },
    { route: '/me/age', path: '/me/age', as: buyer, name: 'age' },
  ]
}
