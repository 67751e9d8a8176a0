import assert from 'node:assert/strict'
import type { ReliefCaseRow } from '@chunbo/contract/relief'
import { DemoSession } from '../demo/session.ts'
import type { House } from './house.ts'
import type { Visit } from './visits.ts'

const desk = 'relief-desk@demo.chunbo'

/** The aid page, a harvest on it, and the desk's way there for a case that a merchant has accepted. */
export async function aidVisits(house: House): Promise<Visit[]> {
  const { items } = await new DemoSession(house.baseUrl).send<{ items: { caseId: number }[] }>('GET', '/api/aid')
  const accepted = await (await house.session(desk)).send<{ items: ReliefCaseRow[] }>(
    'GET',
    '/api/relief/cases?stage=accepted',
  )
  const [shown, waiting] = [items[0]?.caseId, accepted.items[0]?.id]
  assert.ok(shown && waiting)
  return [
    { route: '/aid', path: '/aid', name: 'aid' },
    { route: '/aid/:id(\\d+)', path: `/aid/${shown}`, name: 'aid-case' },
    {
      route: '/relief-desk/cases/:id(\\d+)/fast-track',
      path: `/relief-desk/cases/${waiting}/fast-track`,
      as: desk,
      name: 'fast-track',
    },
  ]
}
