import { readFileSync } from 'node:fs'

/** What the benchmark needs of a kind of produce, from the product's own file. */
export interface Kind {
  readonly slug: string
  readonly category: string
  /** Days it keeps after picking: the careful end for what is not cooled, half of the least under cold (see data/README.md). */
  readonly ambientDays: number
  readonly coldDays: number | null
  /** Months of the harvest, 1 to 12. */
  readonly months: readonly number[]
}

/** Fresh kinds that are lost within weeks; what keeps for months is never an emergency, and what spoils at once never travels. */
export function readFreshKinds(): Kind[] {
  const text = readFileSync(new URL('../../../apps/server/data/produce.csv', import.meta.url), 'utf8')
  const [header = '', ...lines] = text.trim().split(/\r?\n/)
  const columns = header.split(',')
  return lines
    .map((line) => {
      const fields = line.split(',')
      const at = (name: string) => fields[columns.indexOf(name)] ?? ''
      const coldDaysMin = at('cold_days_min')
      return {
        slug: at('slug'),
        category: at('category'),
        ambientDays: Number(at('ambient_days_min')),
        months: monthsOf(at('harvest_months')),
        coldDays: coldDaysMin === '' ? null : Math.max(1, Math.floor(Number(coldDaysMin) / 2)),
      }
    })
    .filter(
      ({ category, ambientDays }) =>
        /^(fruit|vegetable|mushroom)\//.test(category) && ambientDays > 0 && ambientDays <= 60,
    )
}

/** "11-3" is November to March. */
function monthsOf(range: string): number[] {
  const [from = 1, to = from] = range.split('-').map(Number)
  const length = ((to - from + 12) % 12) + 1
  return Array.from({ length }, (_, n) => ((from - 1 + n) % 12) + 1)
}
