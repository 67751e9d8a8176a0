import fc from 'fast-check'
import { type Alert, DEFAULT_RULES, type Instance, type Merchant } from '../instance.ts'

/** An alert that every merchant of `plainMerchant` fits; tests change what they are about. */
export function plainAlert(changes: Partial<Alert> = {}): Alert {
  return {
    id: 'a1',
    produce: 'pea',
    family: 'vegetable/legume',
    grams: 10_000_000,
    pickFrom: 0,
    pickTo: 6,
    pickedOn: null,
    ambientLifeDays: 5,
    coldLifeDays: 12,
    needsCold: false,
    floorFenPerKg: 200,
    grade: null,
    lngE5: 10_000_000,
    latE5: 2_500_000,
    region: 530_822,
    listed: true,
    households: 40,
    merchantsMax: 2,
    ...changes,
  }
}

export function plainMerchant(changes: Partial<Merchant> = {}): Merchant {
  return {
    id: 'm1',
    produce: [],
    families: ['vegetable'],
    grades: [],
    regions: [],
    reachKm: 3_000,
    capacityG: 5_000_000,
    capTotalG: 50_000_000,
    lotMinG: 500_000,
    cold: true,
    packingDays: 1,
    kmPerDay: 700,
    lngE5: 10_200_000,
    latE5: 2_500_000,
    offersFenPerKg: { '*': 300 },
    reliabilityPermille: 900,
    ...changes,
  }
}

export function plainInstance(changes: Partial<Instance> = {}): Instance {
  return {
    version: 1,
    startDay: '2026-10-12',
    days: 7,
    alerts: [plainAlert()],
    merchants: [plainMerchant()],
    frozen: [],
    excluded: [],
    rules: DEFAULT_RULES,
    ...changes,
  }
}

const grams = fc.oneof(
  fc.integer({ min: 1, max: 1_000 }),
  fc.integer({ min: 1, max: 60 }).map((tonnes) => tonnes * 1_000_000),
  fc.integer({ min: 1, max: 40_000_000 }),
)
/** One of the values, far more often the first. */
const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: rare })

const place = {
  lngE5: fc.integer({ min: 9_900_000, max: 11_500_000 }),
  latE5: fc.integer({ min: 2_400_000, max: 3_200_000 }),
}
const produce = fc.constantFrom('pea', 'papaya', 'orange')
const families: Record<string, string> = { pea: 'vegetable/legume', papaya: 'fruit/tropical', orange: 'fruit/citrus' }

const alerts = fc.record({
  produce,
  grams,
  pickFrom: fc.integer({ min: -4, max: 4 }),
  window: fc.integer({ min: 0, max: 5 }),
  pickedOn: fc.option(fc.integer({ min: -3, max: 2 }), { freq: 3 }),
  ambientLifeDays: fc.integer({ min: 1, max: 12 }),
  coldLifeDays: fc.option(fc.integer({ min: 3, max: 30 })),
  needsCold: mostly(fc.constant(false), fc.boolean()),
  floorFenPerKg: mostly(fc.constant<number | null>(200), fc.option(fc.integer({ min: 100, max: 350 }))),
  grade: fc.option(fc.constantFrom('A', 'B'), { freq: 2 }),
  region: fc.constantFrom(530_822, 530_102, 450_122),
  listed: fc.boolean(),
  households: fc.integer({ min: 0, max: 200 }),
  merchantsMax: fc.integer({ min: 1, max: 3 }),
  ...place,
})

const merchants = fc.record({
  produce: fc.subarray(['pea', 'papaya']),
  families: mostly<string[]>(fc.constant(['vegetable', 'fruit']), fc.subarray(['vegetable', 'fruit', 'fruit/citrus'])),
  grades: mostly(fc.constant<string[]>([]), fc.subarray(['A', 'B'])),
  regions: mostly(fc.constant<number[]>([]), fc.constantFrom<number[]>([53], [5308, 45], [450_122])),
  reachKm: mostly(fc.constant(3_000), fc.integer({ min: 100, max: 3_000 })),
  capacity: mostly<number | number[]>(
    fc.integer({ min: 1_000_000, max: 12_000_000 }),
    fc.oneof(fc.constant(0), grams, fc.array(grams, { minLength: 30, maxLength: 30 })),
  ),
  capTotalG: mostly(fc.integer({ min: 10_000_000, max: 90_000_000 }), fc.integer({ min: 0, max: 10_000_000 })),
  lotMinG: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5_000_000 })),
  cold: fc.boolean(),
  packingDays: fc.integer({ min: 0, max: 2 }),
  kmPerDay: fc.integer({ min: 300, max: 900 }),
  offersFenPerKg: mostly<Record<string, number>>(
    fc.constant({ '*': 320 }),
    fc.constantFrom<Record<string, number>>({ pea: 250, orange: 150 }, {}, { papaya: 90, '*': 210 }),
  ),
  reliabilityPermille: fc.integer({ min: 0, max: 1_000 }),
  ...place,
})

interface DrawnLot {
  a: number
  m: number
  day: number
  grams: number
  overruled: boolean
}

/** Small instances of every kind: tiny and large amounts, past windows, no capacity, refused pairs, frozen lots that may clash. */
export const instances: fc.Arbitrary<Instance> = fc
  .record({
    days: fc.integer({ min: 1, max: 9 }),
    alerts: fc.array(alerts, { minLength: 1, maxLength: 7, size: 'max' }),
    merchants: fc.array(merchants, { minLength: 0, maxLength: 6, size: 'max' }),
    frozen: mostly<DrawnLot[]>(
      fc.constant([]),
      fc.array(
        fc.record({
          a: fc.nat(),
          m: fc.nat(),
          day: fc.integer({ min: -2, max: 8 }),
          grams: fc.integer({ min: 1, max: 9_000_000 }),
          overruled: fc.boolean(),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    excluded: fc.array(fc.record({ a: fc.nat(), m: fc.nat() }), { maxLength: 3 }),
    shareMaxPermille: fc.integer({ min: 1, max: 1_000 }),
    shareFreeG: mostly(fc.constant(60_000_000), fc.integer({ min: 0, max: 60_000_000 })),
  })
  .map(({ days, shareMaxPermille, shareFreeG, ...drawn }): Instance => {
    const both = drawn.alerts.length > 0 && drawn.merchants.length > 0
    const pair = ({ a, m }: { a: number; m: number }) => ({
      alertId: `a${(a % Math.max(1, drawn.alerts.length)) + 1}`,
      merchantId: `m${(m % Math.max(1, drawn.merchants.length)) + 1}`,
    })
    return {
      version: 1,
      startDay: '2026-10-12',
      days,
      alerts: drawn.alerts.map(({ window, ...alert }, index) => ({
        ...alert,
        id: `a${index + 1}`,
        family: families[alert.produce] ?? 'other',
        pickTo: alert.pickFrom + window,
      })),
      merchants: drawn.merchants.map(({ capacity, ...merchant }, index) => ({
        ...merchant,
        id: `m${index + 1}`,
        capacityG: Array.isArray(capacity) ? capacity.slice(0, days) : capacity,
      })),
      frozen: both
        ? drawn.frozen.map(({ a, m, day, ...lot }) => ({ ...pair({ a, m }), ...lot, day: Math.min(day, days - 1) }))
        : [],
      excluded: both ? drawn.excluded.map(({ a, m }) => ({ ...pair({ a, m }), reason: 'refused' })) : [],
      rules: { ...DEFAULT_RULES, shareMaxPermille, shareFreeG },
    }
  })
