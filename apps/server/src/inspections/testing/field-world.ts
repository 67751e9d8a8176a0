import { randomUUID } from 'node:crypto'
import type { Inspection, InspectionOp, ReliefStage, SyncAnswer } from '@chunbo/contract'
import { documentMark, headsOf, settle } from '@chunbo/contract'
import { createSite, type Site } from '../../platform/testing/site.ts'

export const COUNTY = 530823

export interface Writer {
  readonly id: string
  readonly caseId: number
  readonly corrects: string | null
}

/** The application with an inspector, and what a phone does. */
export interface FieldWorld {
  readonly site: Site
  readonly inspector: number
  person(role: string, countyCode?: number): Promise<number>
  makeCase(stage?: ReliefStage): Promise<number>
  stageOf(caseId: number): Promise<string>
  sync(ops: readonly InspectionOp[], as?: number): Promise<SyncAnswer>
  read(caseId: number): Promise<Inspection[]>
}

export async function createFieldWorld(): Promise<FieldWorld> {
  const site = await createSite()
  const { db, clock } = site.app.platform
  const person = async (role: string, countyCode?: number) => {
    const userId = await site.person()
    const scope = countyCode === undefined ? {} : { countyCode }
    await site.app.slices.identity.grant({ userId, role: role as 'inspector', ...scope })
    return userId
  }
  const inspector = await person('inspector')
  return {
    site,
    inspector,
    person,
    async makeCase(stage = 'accepted') {
      const now = clock.now()
      const [made] = await db.query<{ id: number }>(
        `insert into relief_cases (stage, produce_slug, county_code, township, grams, harvest_from, harvest_to, stage_since,
           stage_due, reported_at)
         values ($1, 'navel-orange', $2, '锦屏镇', 900000, '2026-11-01', '2026-12-01', $3, $3, $3) returning id`,
        [stage, COUNTY, now],
      )
      return made?.id ?? 0
    },
    async stageOf(caseId) {
      const [found] = await db.query<{ stage: string }>('select stage from relief_cases where id = $1', [caseId])
      return found?.stage ?? ''
    },
    async sync(ops, as = inspector) {
      const body = { device: randomUUID(), ops }
      const answer = await site.ask({ method: 'POST', url: '/api/inspections/sync', as, body })
      if (answer.status !== 200) throw new Error(`sync: ${answer.status} ${JSON.stringify(answer.json)}`)
      return answer.json as unknown as SyncAnswer
    },
    async read(caseId) {
      const answer = await site.ask({ url: `/api/relief/cases/${caseId}/inspections`, as: inspector })
      return (answer.json as unknown as { items: Inspection[] }).items
    },
  }
}

export const writer = (caseId: number, corrects: string | null = null): Writer => ({
  id: randomUUID(),
  caseId,
  corrects,
})

const head = ({ id, caseId, corrects }: Writer) => ({
  id: randomUUID(),
  inspectionId: id,
  caseId,
  corrects,
  at: '2026-11-20T03:00:00.000Z',
})

export const set = (to: Writer, field: string, value: unknown, seen: readonly string[] = []): InspectionOp => ({
  ...head(to),
  kind: 'set',
  field,
  value,
  seen: [...seen],
})
export const sign = (to: Writer, covers: readonly InspectionOp[]): InspectionOp => ({
  ...head(to),
  kind: 'sign',
  covers: covers.map(({ id }) => id),
})

const STROKES = [
  [100, 400, 300, 200, 500, 600],
  [600, 300, 800, 500],
]

/** Everything that a sign needs of a batch of navel oranges of 900 kg; `sugar` in 0.1 °Brix. */
export function filled(to: Writer, sugar: number, residue = 'negative'): InspectionOp[] {
  const samples = [1, 2, 3, 4, 5].flatMap((n) => [set(to, `sugar/${n}`, sugar), set(to, `size/${n}`, 70 + n)])
  const photo = { at: '2026-11-20T02:50:00.000Z', lngE5: 10_080_000, latE5: 2_440_000, accuracyM: 12 }
  const ops = [
    set(to, 'grams', 900_000),
    set(to, 'farmer', { name: '刀美兰', phone: '13812345678' }),
    ...samples,
    set(to, 'defect/bruise', 1),
    set(to, 'residue', residue),
    set(to, `photo/${randomUUID()}`, photo),
  ]
  return ops
}

/** The two signatures under what these operations say. */
export function signatures(to: Writer, ops: readonly InspectionOp[]): InspectionOp[] {
  const sets = ops.flatMap((op) => (op.kind === 'set' ? [op] : []))
  const { values } = settle(headsOf(sets))
  return ['inspector', 'farmer'].map((who) =>
    set(to, `signature/${who}`, {
      name: '刀美兰',
      strokes: STROKES,
      at: '2026-11-20T03:00:00.000Z',
      of: documentMark(values),
    }),
  )
}

/** A whole inspection from the first field to the sign. */
export function whole(to: Writer, sugar: number, residue = 'negative'): InspectionOp[] {
  const ops = filled(to, sugar, residue)
  const all = [...ops, ...signatures(to, ops)]
  return [...all, sign(to, all)]
}
