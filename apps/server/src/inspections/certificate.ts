import type { Certificate, FarmerValue, GradePart, PhotoValue, Picture, Place, SignatureValue } from '@chunbo/contract'
import { maskPhone } from '../identity/index.ts'
import { first } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { InspectionsContext } from './context.ts'
import { photoIds, type SignedDocument } from './read-inspections.ts'

interface Row {
  readonly id: string
  readonly number: string
  readonly caseId: number
  readonly countyCode: number
  readonly grams: number
  readonly grade: Certificate['grade']
  readonly document: SignedDocument
  readonly parts: GradePart[]
  readonly inspectedAt: Date
  readonly receivedAt: Date
  readonly inspector: string
  readonly produceZh: string
  readonly produceEn: string
  readonly place: Place
  readonly village: string
  readonly harvestFrom: string
  readonly harvestTo: string
  readonly corrected: boolean
  readonly replacedBy: string | null
}

const READ = `
  select i.id, i.certificate as number, i.case_id as "caseId", c.county_code as "countyCode", i.grams, i.grade, i.document,
    i.parts, i.signed_at as "inspectedAt", i.received_at as "receivedAt", u.name as inspector,
    coalesce(p.name_zh, c.produce_text) as "produceZh", coalesce(p.name_en, c.produce_text) as "produceEn",
    to_jsonb(pl) as place, c.township || c.village as village, c.harvest_from as "harvestFrom", c.harvest_to as "harvestTo",
    n.id is not null as corrected, n.certificate as "replacedBy"
  from inspections i
  join relief_cases c on c.id = i.case_id
  join users u on u.id = i.signed_by
  join places pl on pl.code = c.county_code
  left join produce p on p.slug = c.produce_slug
  left join inspections n on n.corrects = i.id and n.state = 'signed'
  where i.certificate = $1`

/** The strokes of a signature as SVG path data in a box of 1000 by 1000. */
export function strokesToPath(strokes: SignatureValue['strokes']): string {
  return strokes
    .map((stroke) => {
      const points: string[] = []
      for (let at = 0; at + 1 < stroke.length; at += 2) points.push(`${stroke[at]} ${stroke[at + 1]}`)
      // A tap is a dot, which a line of no length draws with a round end.
      return `M${points.length === 1 ? `${points[0]}L${points[0]}` : points.join('L')}`
    })
    .join('')
}

const chinaDay = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)

/** Who works with a county's batches sees the telephone; on the public page it is masked. */
async function seesPhone(
  { identity }: InspectionsContext,
  userId: number | null,
  countyCode: number,
): Promise<boolean> {
  if (userId === null) return false
  return identity.may(userId, { role: 'relief_desk' }, { role: 'commissioner', countyCode }, { role: 'inspector' })
}

/** 承诺达标合格证 of a signed batch. @throws Refusal inspections.certificate_not_found */
export async function readCertificate(
  context: InspectionsContext,
  number: string,
  readerId: number | null,
): Promise<Certificate> {
  const { db } = context.platform
  const row = first(await db.query<Row>(READ, [number]))
  if (!row) throw new Refusal('inspections.certificate_not_found')
  const { values, plan } = row.document
  const farmer = values.farmer as FarmerValue
  const shown = await seesPhone(context, readerId, row.countyCode)
  const pathOf = (who: string) => strokesToPath((values[`signature/${who}`] as SignatureValue).strokes)
  const taken = photoIds(Object.keys(values)).filter((id) => (values[`photo/${id}`] as PhotoValue | null) !== null)
  const photos = await db.query<Picture>(
    `select p.id, p.width, p.height from inspection_photos f join pictures p on p.id = f.picture_id
     where f.id = any($1::uuid[]) order by f.uploaded_at`,
    [taken],
  )
  return {
    number: row.number,
    caseId: row.caseId,
    producer: farmer.name,
    phone: farmer.phone === '' || shown ? farmer.phone : maskPhone(farmer.phone),
    produceZh: row.produceZh,
    produceEn: row.produceEn,
    grams: row.grams,
    place: row.place,
    village: String(values.place ?? '') || row.village,
    batch: String(values.batch ?? ''),
    harvestFrom: row.harvestFrom,
    harvestTo: row.harvestTo,
    issuedOn: chinaDay(row.inspectedAt),
    inspectedAt: row.inspectedAt.toISOString(),
    inspector: row.inspector,
    grade: row.grade,
    residue: (values.residue ?? null) as Certificate['residue'],
    samples: plan.samples,
    pieces: Number(values.pieces ?? plan.pieces),
    parts: row.parts,
    photos,
    signatures: { farmer: pathOf('farmer'), inspector: pathOf('inspector') },
    replacedBy: row.replacedBy,
    holds: !row.corrected,
  }
}
