import { randomUUID } from 'node:crypto'
import type { AlertReceipt } from '@chunbo/contract/relief'
import { JINGDONG } from '../demo/counties/demo-shop.ts'
import { DemoSession } from '../demo/session.ts'
import type { House } from './house.ts'
import type { Visit } from './visits.ts'

const desk = 'relief-desk@demo.chunbo'
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** Pages of the relief desk, with a case that a farmer has just reported. */
export async function reliefDeskVisits(house: House): Promise<Visit[]> {
  const farmer = new DemoSession(house.baseUrl)
  const { caseId } = await farmer.send<AlertReceipt>('POST', '/api/relief/alerts', {
    key: randomUUID(),
    produceSlug: 'pea-pod',
    quantity: { amount: '3', unit: '万斤' },
    countyCode: JINGDONG,
    township: '文井镇',
    village: '清凉村',
    lngE5: 10_083_000,
    latE5: 2_445_000,
    harvestFrom: dayIn(-1),
    harvestTo: dayIn(6),
    pickedOn: null,
    households: 120,
    words: '往年的客商今年没来',
    contact: { name: '李大山', phone: '13800138000', relation: '村支书' },
  })
  const path = '/relief-desk'
  return [
    { route: path, path, as: desk, name: 'relief-board' },
    { route: path, path: `${path}?stage=reported&province=530000`, as: desk, name: 'relief-board-filtered' },
    { route: `${path}/map`, path: `${path}/map?province=530000`, as: desk, name: 'relief-map' },
    { route: `${path}/merchants`, path: `${path}/merchants`, as: desk, name: 'relief-merchants' },
    { route: `${path}/measures`, path: `${path}/measures`, as: desk, name: 'relief-measures' },
    { route: `${path}/cases/:id(\\d+)`, path: `${path}/cases/${caseId}`, as: desk, name: 'relief-case' },
  ]
}
