import { randomUUID } from 'node:crypto'
import { passInspection } from './pass-inspection.ts'
import type { DemoSession } from './session.ts'

/** A glut of the demo world, from its report on; every step goes through the door that its people use. */
export interface DemoGlut {
  readonly produceSlug: string
  readonly family: string
  readonly tonnes: number
  readonly countyCode: number
  readonly township: string
  readonly village: string
  readonly lngE5: number
  readonly latE5: number
  readonly households: number
  /** Days from today. */
  readonly harvestDays: readonly [number, number]
  readonly floorFenPerKg: number
  readonly words: string
  readonly farmer: { readonly name: string; readonly phone: string }
}

/** Who acts: a stranger with the form, the desk, the merchant's and the inspector's people. */
export interface ReliefPeople {
  readonly farmer: DemoSession
  readonly desk: DemoSession
  readonly merchant: DemoSession
  readonly inspector: DemoSession
}

const DAY_MS = 86_400_000
const day = (offset: number) => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10)
const TONNE_G = 1_000_000

/** A person of the desk may overrule the match; these are all the conditions that there are to acknowledge. */
const CONDITIONS = [
  'inactive',
  'produce',
  'grade',
  'region',
  'reach',
  'cold',
  'floor',
  'window',
  'life',
  'capacity',
  'lot_minimum',
  'refused',
]

/** Reports a glut by the public form. Gives the id of its case. */
export async function reportGlut({ farmer }: ReliefPeople, glut: DemoGlut): Promise<number> {
  const { caseId } = await farmer.send<{ caseId: number }>('POST', '/api/relief/alerts', {
    key: randomUUID(),
    produceSlug: glut.produceSlug,
    quantity: { amount: String(glut.tonnes), unit: '吨' },
    countyCode: glut.countyCode,
    township: glut.township,
    village: glut.village,
    lngE5: glut.lngE5,
    latE5: glut.latE5,
    harvestFrom: day(glut.harvestDays[0]),
    harvestTo: day(glut.harvestDays[1]),
    pickedOn: null,
    floorFenPerKg: glut.floorFenPerKg,
    households: glut.households,
    words: glut.words,
    contact: glut.farmer,
  })
  return caseId
}

/** Verifies a case, offers it to the merchant's people and has them accept all of it. */
export async function acceptGlut({ desk, merchant }: ReliefPeople, caseId: number, glut: DemoGlut): Promise<void> {
  const { version } = await desk.send<{ version: number }>('GET', `/api/relief/cases/${caseId}`)
  const evidence = '村委会来电核实，照片和定位相符。'
  await desk.send('POST', `/api/relief/cases/${caseId}/verify`, { version, evidence })
  const [own] = (await merchant.send<{ items: { id: number }[] }>('GET', '/api/my/merchants')).items
  if (own === undefined) throw new Error('the demo world has no merchant')
  const grams = glut.tonnes * TONNE_G
  const offerId = await findOffer(desk, caseId, own.id, grams)
  await merchant.send('POST', `/api/offers/${offerId}/accept`, { grams })
}

/** Attempts to find or make the one offer, while the match, which runs by itself, makes its own. */
const ATTEMPTS_MAX = 10

/** The offer of the whole case to this merchant: the match may have made it; others have to be taken back first. */
async function findOffer(desk: DemoSession, caseId: number, merchantId: number, grams: number): Promise<number> {
  const url = `/api/relief/cases/${caseId}/offers`
  interface Made {
    id: number
    state: string
    grams: number
    merchant: { id: number }
  }
  const body = { merchantId, grams, reason: '就近，冷链齐全，整批接得下', acknowledged: CONDITIONS }
  for (let attempt = 1; ; attempt++) {
    try {
      const { items } = await desk.send<{ items: Made[] }>('GET', url)
      for (const offer of items.filter(({ state }) => state === 'open')) {
        if (offer.merchant.id === merchantId && offer.grams === grams) return offer.id
        await desk.send('POST', `/api/offers/${offer.id}/cancel`, { reason: '整批给一家' })
      }
      return (await desk.send<{ id: number }>('POST', url, body)).id
    } catch (error) {
      const wasOvertaken = error instanceof Error && /refused: 409 offers\./.test(error.message)
      if (!wasOvertaken || attempt === ATTEMPTS_MAX) throw error
    }
  }
}

/** Inspects the whole case at its place, signed and sent. */
export function inspectGlut({ inspector }: ReliefPeople, caseId: number, glut: DemoGlut): Promise<void> {
  const { family, lngE5, latE5, farmer } = glut
  return passInspection(inspector, { caseId, family, grams: glut.tonnes * TONNE_G, lngE5, latE5, farmer })
}

interface Track {
  readonly version: number
  readonly draft: object
  readonly listed: { readonly skus: readonly { shopId: number; skuId: number; priceFen: number }[] } | null
}

/** Puts a case on sale by the fast track, everything as it is filled in but what is given here. Gives its SKUs. */
export async function listGlut(
  { desk }: Pick<ReliefPeople, 'desk'>,
  caseId: number,
  change: { readonly farmerFenPerKg: number; readonly pictureIds: readonly string[] },
): Promise<readonly { shopId: number; skuId: number; priceFen: number }[]> {
  const url = `/api/relief/cases/${caseId}`
  const freight = { version: 0, payer: 'price', carrier: '顺丰冷链', fenPerKg: 240, provinces: [] }
  await desk.send('PUT', `${url}/freight`, freight)
  const { version, draft } = await desk.send<Track>('GET', `${url}/fast-track`)
  const kept = await desk.send<Track>('PUT', `${url}/fast-track`, { version, draft: { ...draft, ...change } })
  const done = await desk.send<Track>('POST', `${url}/fast-track/publish`, { version: kept.version })
  return done.listed?.skus ?? []
}
