import assert from 'node:assert/strict'
import type { MyInspections } from '@chunbo/contract/inspections'
import type { House } from './house.ts'
import type { Visit } from './visits.ts'

const inspector = 'inspector@demo.chunbo'

/** The inspector's app with an inspection that was signed, and the certificate that came of it. */
export async function inspectVisits(house: House): Promise<Visit[]> {
  const session = await house.session(inspector)
  const { inspections } = await session.send<MyInspections>('GET', '/api/inspections/mine')
  const signed = inspections.find((each) => each.signed?.certificate != null)
  assert.ok(signed, 'the demo world has no signed inspection')
  return [
    { route: '/inspect', path: '/inspect', as: inspector, name: 'inspect' },
    {
      route: '/inspect/:id([0-9a-fA-F-]{36})',
      path: `/inspect/${signed.id}`,
      as: inspector,
      name: 'inspect-signed',
    },
    {
      route: '/certificates/:number(HG[0-9]{8}-[0-9A-F]{10})',
      path: `/certificates/${signed.signed?.certificate}`,
      name: 'certificate',
    },
  ]
}
