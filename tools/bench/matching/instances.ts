/**
 * The seeded instances of the benchmark: SYNTHETIC, drawn to be like a week of autumn in the counties. The generator is part
 * of the figures: whoever changes it changes the instances, and the stored bounds then refuse to be compared with.
 */
import { createHash } from 'node:crypto'
import { DEFAULT_RULES, type Instance } from '../../../packages/matching/src/index.ts'
import { drawAlert } from './draw-alert.ts'
import { drawMerchant } from './draw-merchant.ts'
import { readCounties } from './geography.ts'
import { readFreshKinds } from './produce.ts'
import { createRandom } from './random.ts'

export interface InstanceSize {
  readonly alerts: number
  readonly merchants: number
  readonly days: number
  readonly seed: number
  readonly reachKm: number
}

/** The instances that have figures, by name. */
export const sizes = {
  '300x300x14': { alerts: 300, merchants: 300, days: 14, seed: 20201, reachKm: 2_600 },
  '1000x1000x14': { alerts: 1_000, merchants: 1_000, days: 14, seed: 20202, reachKm: 800 },
} as const satisfies Record<string, InstanceSize>

export type InstanceName = keyof typeof sizes

const START = '2026-10-12'

export function drawInstance({ alerts, merchants, days, seed, reachKm }: InstanceSize): Instance {
  const random = createRandom(seed)
  const month = Number(START.slice(5, 7))
  const kinds = readFreshKinds().filter(({ months }) => months.includes(month))
  const counties = readCounties()
  const listed = counties.filter((county) => county.listed)
  const provinces = new Set(listed.map(({ code }) => Math.floor(code / 10_000)))
  const others = counties.filter(({ code, listed }) => !listed && provinces.has(Math.floor(code / 10_000)))
  return {
    version: 1,
    startDay: START,
    days,
    alerts: Array.from({ length: alerts }, (_, n) =>
      drawAlert(random, `a${n + 1}`, random.integer(0, 4), { kinds, listed, others }),
    ),
    merchants: Array.from({ length: merchants }, (_, n) => drawMerchant(random, `m${n + 1}`, { kinds, days, reachKm })),
    frozen: [],
    excluded: [],
    rules: DEFAULT_RULES,
  }
}

/** SHA-256 of the instance as JSON, in hexadecimal: what a stored bound is a bound of. */
export function hashOf(instance: Instance): string {
  return createHash('sha256').update(JSON.stringify(instance)).digest('hex')
}
