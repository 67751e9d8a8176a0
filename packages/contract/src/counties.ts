import { type Static, Type } from 'typebox'
import { Day, DivisionCode, nullable, Place } from './basics.ts'

export const COUNTY_STATUSES = ['never_listed', 'listed', 'just_lifted', 'lifted'] as const
export type CountyStatus = (typeof COUNTY_STATUSES)[number]
export const CountyStatus = Type.Union(COUNTY_STATUSES.map((status) => Type.Literal(status)))

/** GET /api/divisions?parent=530000 (no parent: the provinces) */
export const Division = Type.Object({
  code: DivisionCode,
  level: Type.Union([Type.Literal('province'), Type.Literal('prefecture'), Type.Literal('county')]),
  name: Type.String(),
  parent: nullable(DivisionCode),
})
export type Division = Static<typeof Division>

/** GET /api/counties/{code}?on=YYYY-MM-DD; also the items of GET /api/counties?listed=1&q=&province= (paged) */
export const County = Type.Object({
  code: nullable(DivisionCode),
  place: nullable(Place),
  name: Type.String(),
  listed: Type.Boolean(),
  yearLifted: nullable(Type.Integer()),
  status: Type.Unsafe<CountyStatus>(CountyStatus),
  statusOn: Day,
  /** False between the first and the last day on which the announcement may have come, and where the year is uncertain. */
  statusCertain: Type.Boolean(),
  /** The days between which the county was announced as lifted; the same day twice where it is known. */
  liftAnnounced: nullable(Type.Object({ firstDay: Day, lastDay: Day })),
})
export type County = Static<typeof County>
