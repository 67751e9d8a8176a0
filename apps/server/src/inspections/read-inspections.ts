import {
  type GradePart,
  headsOf,
  type Inspection,
  type ReliefStage,
  type SamplingPlan,
  type SignedInspection,
} from '@chunbo/contract'
import type { Queryable } from '../platform/database.ts'
import type { Sendable } from '../platform/routes.ts'
import { readOps, type StoredOp, setsOf } from './stored-op.ts'

/** Which inspections: by id or by case; `counties` null is all. */
export interface Wanted {
  readonly ids?: readonly string[]
  readonly caseIds?: readonly number[]
  readonly counties: readonly number[] | null
}

interface Named {
  readonly id: number
  readonly name: string
}

/** What is kept of a signed one: its values, and the plan that they were measured by. */
export interface SignedDocument {
  readonly values: Record<string, unknown>
  readonly plan: SamplingPlan
  readonly mark: string
}

interface Row {
  readonly id: string
  readonly caseId: number
  readonly corrects: string | null
  readonly correctedBy: string | null
  readonly version: number
  readonly state: 'draft' | 'signed'
  readonly openedAt: Date
  readonly openedBy: Named
  readonly effect: Inspection['effect']
  readonly caseStage: ReliefStage
  readonly family: string | null
  readonly signedOp: string | null
  readonly signedAt: Date | null
  readonly receivedAt: Date | null
  readonly signedBy: Named | null
  readonly document: SignedDocument | null
  readonly parts: GradePart[] | null
  readonly grade: SignedInspection['grade'] | null
  readonly verdict: 'pass' | 'fail' | null
  readonly grams: number | null
  readonly certificate: string | null
}

const READ = `
  select i.id, i.case_id as "caseId", i.corrects, i.version, i.state, i.opened_at as "openedAt", i.effect, c.stage as "caseStage", p.family,
    (select n.id from inspections n where n.corrects = i.id and n.state = 'signed') as "correctedBy",
    jsonb_build_object('id', o.id, 'name', o.name) as "openedBy",
    i.signed_op as "signedOp", i.signed_at as "signedAt", i.received_at as "receivedAt",
    case when s.id is not null then jsonb_build_object('id', s.id, 'name', s.name) end as "signedBy",
    i.document, i.parts, i.grade, i.verdict, i.grams, i.certificate
  from inspections i
  join relief_cases c on c.id = i.case_id
  left join produce p on p.slug = c.produce_slug
  join users o on o.id = i.opened_by
  left join users s on s.id = i.signed_by
  where (i.id = any($1::uuid[]) or i.case_id = any($2::bigint[])) and ($3::int[] is null or c.county_code = any($3::int[]))
  order by i.opened_at, i.id`

type Photo = Inspection['photos'][number]

async function readPhotos(db: Queryable, ids: readonly string[]): Promise<Map<string, Photo>> {
  const rows = await db.query<Photo>(
    `select f.id, jsonb_build_object('id', p.id, 'width', p.width, 'height', p.height) as picture
     from inspection_photos f join pictures p on p.id = f.picture_id where f.id = any($1::uuid[])`,
    [ids],
  )
  return new Map(rows.map((photo) => [photo.id, photo]))
}

/** The photos that some values name, in the order in which they were taken. */
export const photoIds = (fields: Iterable<string>): string[] =>
  [...fields].filter((field) => field.startsWith('photo/')).map((field) => field.slice('photo/'.length))

function toSigned(row: Row): Sendable<SignedInspection> | null {
  if (row.signedOp === null || row.document === null || row.signedBy === null) return null
  return {
    op: row.signedOp,
    at: row.signedAt ?? row.openedAt,
    receivedAt: row.receivedAt ?? row.openedAt,
    by: row.signedBy,
    values: row.document.values,
    grade: row.grade ?? 'ungraded',
    verdict: row.verdict ?? 'fail',
    parts: row.parts ?? [],
    grams: row.grams ?? 0,
    certificate: row.certificate,
  }
}

function toInspection(row: Row, ops: readonly StoredOp[], photos: ReadonlyMap<string, Photo>): Sendable<Inspection> {
  const heads = headsOf(setsOf(ops))
  return {
    id: row.id,
    caseId: row.caseId,
    corrects: row.corrects,
    correctedBy: row.correctedBy,
    version: row.version,
    state: row.state,
    openedAt: row.openedAt,
    openedBy: row.openedBy,
    fields: [...heads].map(([field, standing]) => ({
      field,
      heads: standing.map((op) => ({
        op: op.id,
        value: op.value,
        seen: op.seen,
        at: op.at,
        by: { id: op.userId, name: op.name },
      })),
    })),
    signed: toSigned(row),
    effect: row.effect,
    caseStage: row.caseStage,
    family: row.family,
    photos: photoIds(heads.keys()).flatMap((id) => photos.get(id) ?? []),
  }
}

/** Inspections with everything that stands in them, the oldest first. */
export async function readInspections(db: Queryable, wanted: Wanted): Promise<Sendable<Inspection>[]> {
  const rows = await db.query<Row>(READ, [wanted.ids ?? [], wanted.caseIds ?? [], wanted.counties])
  const ops = Map.groupBy(
    await readOps(
      db,
      rows.map(({ id }) => id),
    ),
    ({ inspectionId }) => inspectionId,
  )
  const fields = [...ops.values()].flat().map(({ field }) => field)
  const photos = await readPhotos(db, [...new Set(photoIds(fields))])
  return rows.map((row) => toInspection(row, ops.get(row.id) ?? [], photos))
}
