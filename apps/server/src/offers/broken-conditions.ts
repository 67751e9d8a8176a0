import {
  type Alert,
  DEFAULT_RULES,
  type FitCondition,
  type Instance,
  type Merchant,
  misfit,
  roadKm,
} from '@chunbo/matching'

const GRAMS_MAX = 1_000_000_000_000

/** The pair with one condition taken away, so that the next one that does not hold shows. */
const WITHOUT: Record<FitCondition, (alert: Alert, merchant: Merchant) => [Alert, Merchant]> = {
  refused: (alert, merchant) => [alert, merchant],
  produce: (alert, merchant) => [alert, { ...merchant, produce: [alert.produce] }],
  grade: (alert, merchant) => [{ ...alert, grade: null }, merchant],
  region: (alert, merchant) => [alert, { ...merchant, regions: [] }],
  reach: (alert, merchant) => [alert, { ...merchant, reachKm: 10_000 }],
  cold: (alert, merchant) => [{ ...alert, needsCold: false }, merchant],
  floor: (alert, merchant) => [{ ...alert, floorFenPerKg: null }, merchant],
  window: (alert, merchant) => [{ ...alert, pickFrom: 0, pickTo: 13, pickedOn: null }, merchant],
  life: (alert, merchant) => [
    { ...alert, ambientLifeDays: 3_650, pickedOn: null, pickTo: Math.max(0, alert.pickTo) },
    merchant,
  ],
  capacity: (alert, merchant) => [alert, { ...merchant, capacityG: GRAMS_MAX, capTotalG: GRAMS_MAX }],
  lot_minimum: (alert, merchant) => [alert, { ...merchant, lotMinG: 0 }],
}

/** Every condition between a case and a merchant that does not hold, in the order in which the match looks at them. */
export function brokenConditions(alert: Alert, merchant: Merchant, refused: boolean): FitCondition[] {
  const broken: FitCondition[] = refused ? ['refused'] : []
  const instance: Instance = {
    version: 1,
    startDay: '2000-01-01',
    days: 14,
    alerts: [],
    merchants: [],
    frozen: [],
    excluded: [],
    rules: DEFAULT_RULES,
  }
  const km = roadKm(alert, merchant, DEFAULT_RULES)
  let [ours, theirs] = [alert, merchant]
  // Each turn takes one condition away, so there are at most as many turns as conditions.
  for (let turn = 0; turn < 12; turn++) {
    const condition = misfit(instance, new Set(), ours, theirs, km)
    if (condition === null || broken.includes(condition)) break
    broken.push(condition)
    ;[ours, theirs] = WITHOUT[condition](ours, theirs)
  }
  return broken
}
