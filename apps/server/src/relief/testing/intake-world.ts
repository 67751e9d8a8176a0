import { randomUUID } from 'node:crypto'
import type { AlertInput } from '@chunbo/contract'
import { type Answer, createSite, type Site } from '../../platform/testing/site.ts'
import { dayInChina } from '../report.ts'

export const JINGDONG = 530823
const DAY_MS = 86_400_000

/** A day in China so many days from today, YYYY-MM-DD. */
export const dayFromToday = (days: number): string => dayInChina(new Date(Date.now() + days * DAY_MS))

let phones = 0
/** A mobile number that no test has used. */
export const freshPhone = (): string => `138${String(10_000_000 + phones++)}`

/** The peas of the mission, as the form sends them. */
export function peas(change: Partial<AlertInput> = {}): AlertInput {
  return {
    key: randomUUID(),
    produceSlug: 'pea-pod',
    quantity: { amount: '3', unit: '万斤' },
    countyCode: JINGDONG,
    township: '锦屏镇',
    village: '新民村',
    harvestFrom: dayFromToday(-3),
    harvestTo: dayFromToday(10),
    pickedOn: null,
    contact: { name: '李大爷', phone: freshPhone(), relation: '种植户' },
    ...change,
  }
}

export interface IntakeWorld extends Site {
  /** Sends a report from an address of its own, so that the limit of one address is met only by who looks for it. */
  report(input: object, from?: { as?: number; address?: string }): Promise<Answer>
  /** Opens a case and gives its id, its alert and the link's token. */
  open(change?: Partial<AlertInput>): Promise<{ caseId: number; alertId: number; token: string }>
}

export async function createIntakeWorld(): Promise<IntakeWorld> {
  const site = await createSite()
  let addresses = 0
  const report: IntakeWorld['report'] = async (
    body,
    { as, address = `10.1.${addresses >> 8}.${addresses++ & 255}` } = {},
  ) => site.ask({ method: 'POST', url: '/api/relief/alerts', body, address, ...(as === undefined ? {} : { as }) })
  return {
    ...site,
    report,
    async open(change) {
      const { status, json } = await report(peas(change))
      if (status !== 201) throw new Error(`no case: ${JSON.stringify(json)}`)
      const [alert] = await site.app.platform.db.query<{ id: number }>(
        'select id from relief_alerts where token = $1',
        [json.token as string],
      )
      return { caseId: json.caseId as number, alertId: alert?.id ?? 0, token: json.token as string }
    },
  }
}
