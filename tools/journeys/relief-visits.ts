import { randomUUID } from 'node:crypto'
import type { AlertReceipt } from '@chunbo/contract/relief'
import { JINGDONG } from '../demo/counties/demo-shop.ts'
import { DemoSession } from '../demo/session.ts'
import type { House } from './house.ts'
import type { Visit } from './visits.ts'

const DAY_MS = 86_400_000
const dayFromNow = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)

/** Reports a glut and gives the pages of who reports, and of the desk that reports for others. */
export async function reliefVisits(house: House): Promise<Visit[]> {
  const stranger = new DemoSession(house.baseUrl)
  const { token } = await stranger.send<AlertReceipt>('POST', '/api/relief/alerts', {
    key: randomUUID(),
    produceSlug: 'pea-pod',
    quantity: { amount: '200', unit: '亩', yieldPerUnit: { amount: '3000', unit: '斤' } },
    countyCode: JINGDONG,
    township: '锦屏镇',
    village: '新民村',
    harvestFrom: dayFromNow(-1),
    harvestTo: dayFromNow(12),
    pickedOn: null,
    contact: { name: '李大爷', phone: '13800001111' },
  })
  return [
    { route: '/relief/report', path: '/relief/report', name: 'relief-report' },
    { route: '/relief/track/:token([a-z0-9]{20})', path: `/relief/track/${token}`, name: 'relief-track' },
    { route: '/relief/phone', path: '/relief/phone', as: 'relief-desk@demo.chunbo', name: 'relief-phone' },
  ]
}
