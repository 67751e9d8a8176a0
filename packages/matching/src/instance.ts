import { type Static, type TProperties, Type } from 'typebox'

/** Most that one instance may hold; a bigger one is refused before anything is computed. */
export const LIMITS = { days: 30, alerts: 2_000, merchants: 2_000, frozen: 20_000, excluded: 200_000 } as const

const exact = <T extends TProperties>(properties: T, description: string) =>
  Type.Object(properties, { additionalProperties: false, description })
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })
const integer = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description })
const Name = Type.String({ minLength: 1, maxLength: 64 })
const name = (description: string) => Type.String({ minLength: 1, maxLength: 64, description })
const names = (description: string) => Type.Array(Name, { maxItems: 500, description })

const grams = (description: string, minimum = 0) => integer(minimum, 1_000_000_000_000, `${description} In grams.`)
const fenPerKg = (description: string) => integer(0, 10_000_000, `${description} In fen per kilogram.`)
const day = (description: string) =>
  integer(-400, 400, `${description} In days from startDay; negative when it is past already.`)
const place = {
  lngE5: integer(-18_000_000, 18_000_000, 'Longitude, WGS-84, in 1e-5 degrees.'),
  latE5: integer(-9_000_000, 9_000_000, 'Latitude, WGS-84, in 1e-5 degrees.'),
}

export const Alert = exact(
  {
    id: name('Name of the alert; used in frozen, excluded and the plan.'),
    produce: name('Slug of the produce, such as navel-orange.'),
    family: name('Family of the produce, such as fruit/citrus.'),
    grams: grams('How much is to be sold, what is frozen included.', 1),
    pickFrom: day('First day on which it can be picked.'),
    pickTo: day('Last day on which it can be picked. Past without pickedOn: nothing can be taken any more.'),
    pickedOn: orNull(
      Type.Integer({ minimum: -400, maximum: 400 }),
      'The day it was picked, null while it is on the plant. Once picked it comes from stock and its life runs from that day; the harvest window no longer matters.',
    ),
    ambientLifeDays: integer(0, 3_650, 'Days it keeps after picking when not cooled.'),
    coldLifeDays: orNull(
      Type.Integer({ minimum: 0, maximum: 3_650 }),
      'Days it keeps after picking with a merchant who has a cold chain; null: as without.',
    ),
    needsCold: Type.Boolean({ description: 'Only a merchant with a cold chain may take it.' }),
    floorFenPerKg: orNull(
      Type.Integer({ minimum: 0, maximum: 10_000_000 }),
      'The farmer does not sell below this, in fen per kilogram; null: no floor.',
    ),
    grade: orNull(Name, 'Grade of the produce; null when not graded yet, which fits every merchant.'),
    ...place,
    region: integer(110_000, 999_999, 'Six-digit code of the county.'),
    listed: Type.Boolean({ description: 'The county is on the register of the 832.' }),
    households: integer(0, 1_000_000, 'Households that live from it.'),
    merchantsMax: integer(1, 100, 'Most merchants among whom it may be divided.'),
  },
  'A glut: so much of a produce at a place, on a clock. Alerts are in the order of their arrival.',
)
export type Alert = Static<typeof Alert>

export const Merchant = exact(
  {
    id: name('Name of the merchant; used in frozen, excluded and the plan.'),
    produce: names('Slugs of the produce taken.'),
    families: names(
      'Families taken; fruit stands for everything under fruit/. Neither produce nor families: takes nothing.',
    ),
    grades: names('Grades taken; empty: every grade.'),
    regions: Type.Array(Type.Integer({ minimum: 11, maximum: 999_999 }), {
      maxItems: 3_000,
      description:
        'Where the merchant fetches: codes of two (province), four (prefecture) or six digits (county); empty: anywhere.',
    }),
    reachKm: integer(0, 10_000, 'Farthest road kilometres to an alert.'),
    capacityG: Type.Union(
      [Type.Integer({ minimum: 0, maximum: 1e12 }), Type.Array(Type.Integer({ minimum: 0, maximum: 1e12 }))],
      {
        description: 'Grams the merchant can fetch on a day: one number for every day, or one per day of the plan.',
      },
    ),
    capTotalG: grams('Most over the whole plan, as working capital allows; what is frozen counts.'),
    lotMinG: grams('Least that is worth a trip: every lot of a day is at least this.'),
    cold: Type.Boolean({ description: 'Has a cold chain from the field to the market.' }),
    packingDays: integer(0, 30, 'Days from the pick to the departure of the truck.'),
    kmPerDay: integer(1, 5_000, 'Road kilometres a truck makes in a day; transit is rounded to whole days.'),
    ...place,
    offersFenPerKg: Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: 10_000_000 }), {
      description:
        'What the merchant pays, in fen per kilogram, by slug of the produce; the key * is for everything else. No price: fits only alerts without a floor.',
    }),
    reliabilityPermille: integer(0, 1_000, 'Promises kept, in thousandths.'),
  },
  'A merchant with what they take, from where, how much and at which price.',
)
export type Merchant = Static<typeof Merchant>

export const Frozen = exact(
  {
    alertId: name('The alert.'),
    merchantId: name('The merchant.'),
    day: integer(
      -400,
      29,
      'Day of the pick-up from startDay. Past days use up supply and total cap, no daily capacity.',
    ),
    grams: grams('How much was agreed.', 1),
    overruled: Type.Optional(
      Type.Boolean({
        description:
          'A person wanted it so: conditions between this alert and this merchant are not held against it; quantities are.',
      }),
    ),
  },
  'An accepted offer. The plan keeps it as it is; what it contradicts is named in the clashes.',
)
export type Frozen = Static<typeof Frozen>

export const Excluded = exact(
  {
    alertId: name('The alert.'),
    merchantId: name('The merchant.'),
    reason: Type.String({ maxLength: 200, description: 'Why not, in words: refused, expired, overruled.' }),
  },
  'A pair that is not to be proposed (again).',
)
export type Excluded = Static<typeof Excluded>

export const Rules = exact(
  {
    roadPermille: integer(1_000, 5_000, 'Road kilometres for a thousand kilometres as the crow flies.'),
    freightFenPerTonneKm: integer(0, 10_000, 'Freight of a tonne over a road kilometre.'),
    qualityFenPerKg: fenPerKg(
      'Value lost if the whole life is used up before the market; a part of it for a part of the life.',
    ),
    waitFenPerKgDay: fenPerKg('Cost of each day that is waited from the first on which it could be fetched.'),
    riskFenPerKg: fenPerKg(
      'Cost of a merchant who keeps no promise at all; who keeps all costs nothing (this is the bonus of reliability, turned round).',
    ),
    unsoldFenPerKg: fenPerKg('Cost of what finds no merchant.'),
    listedFenPerKg: fenPerKg('Added to the cost of unsold in a listed county (aid weight).'),
    householdFenPerKg: fenPerKg(
      'Added to the cost of unsold in full when a hundred households or more live from it, in part for fewer (aid weight).',
    ),
    shareMaxPermille: integer(1, 1_000, 'Fairness: no merchant gets more than this part of all grams of the instance,'),
    shareFreeG: grams('except that up to so much is always allowed.'),
  },
  'Weights of the costs and the limits of fairness.',
)
export type Rules = Static<typeof Rules>

export const Instance = Type.Object(
  {
    $schema: Type.Optional(Type.String({ maxLength: 500, description: 'Address of this schema, for editors.' })),
    version: Type.Literal(1, { description: 'Version of this format.' }),
    startDay: Type.String({
      pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
      description: 'Day 0, YYYY-MM-DD, in the time of China.',
    }),
    days: integer(1, LIMITS.days, 'How many days are planned; a pick-up is on day 0 to days - 1.'),
    alerts: Type.Array(Alert, { maxItems: LIMITS.alerts }),
    merchants: Type.Array(Merchant, { maxItems: LIMITS.merchants }),
    frozen: Type.Array(Frozen, { maxItems: LIMITS.frozen }),
    excluded: Type.Array(Excluded, { maxItems: LIMITS.excluded }),
    rules: Rules,
  },
  {
    additionalProperties: false,
    title: 'Chunbo matching instance',
    description: 'What is to be matched. All numbers are integers.',
  },
)
export type Instance = Static<typeof Instance>

/** Weights to begin with; the desk changes them in its settings. */
export const DEFAULT_RULES: Rules = {
  roadPermille: 1_300,
  freightFenPerTonneKm: 50,
  qualityFenPerKg: 150,
  waitFenPerKgDay: 5,
  riskFenPerKg: 60,
  unsoldFenPerKg: 400,
  listedFenPerKg: 100,
  householdFenPerKg: 100,
  shareMaxPermille: 200,
  shareFreeG: 50_000_000,
}
