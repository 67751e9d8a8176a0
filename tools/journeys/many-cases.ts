/** Two hundred gluts all over the listed counties, as a file that a province's office would send. */
import { readFileSync } from 'node:fs'

interface Row {
  readonly key: string
  readonly produce: string
  readonly jin: number
  readonly county: number
  readonly harvestTo: string
}

const facts = (name: string) =>
  readFileSync(new URL(`../../apps/server/data/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))

/** The day in so many days, YYYY-MM-DD. */
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** `count` reports of fresh produce, no two of one county and one produce, so that none is taken for another's double. */
export function manyCases(count: number): readonly Row[] {
  const counties = facts('listed-counties.csv').map(([code]) => Number(code))
  const produce = facts('produce.csv').flatMap(([slug = '', , , category = '']) =>
    /^(fruit|vegetable)\//.test(category) ? [slug] : [],
  )
  return Array.from({ length: count }, (_, index) => ({
    key: `office-${index + 1}`,
    produce: produce[(index * 7) % produce.length] ?? '',
    // From three tonnes to some thousand, the small ones more often.
    jin: 6000 * 2 ** (index % 10),
    county: counties[(index * 4) % counties.length] ?? 0,
    harvestTo: dayIn(2 + (index % 12)),
  }))
}

/** The same as CSV text with its header. */
export function casesCsv(rows: readonly Row[]): string {
  const header = 'key,produce,quantity,county,harvest_from,harvest_to,contact_name,contact_phone,words'
  const lines = rows.map(
    ({ key, produce, jin, county, harvestTo }, index) =>
      `${key},${produce},${jin}斤,${county},${dayIn(0)},${harvestTo},李大山,138${String(index).padStart(8, '0')},往年的客商今年没来`,
  )
  return [header, ...lines].join('\n')
}
