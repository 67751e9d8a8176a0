import { formatTotalWeight } from '@chunbo/contract'
import type { Counties } from '../counties/index.ts'
import type { Database } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { PageHead } from '../platform/web-app.ts'
import { readCountyImpact } from './queries.ts'

/** The page of a county with what it sold. `today` gives the day in China. */
export function impactPages(db: Database, counties: Pick<Counties, 'readCounty'>, today: () => string): PageHead[] {
  return [
    {
      path: /^\/counties\/([1-9]\d{5})$/,
      async describe(match, locale) {
        const code = Number(match[1])
        const county = await counties.readCounty(code, today()).catch((error: unknown) => {
          if (error instanceof Refusal) return null
          throw error
        })
        if (!county) return null
        const impact = await readCountyImpact(db, code)
        const weight = formatTotalWeight(impact.sold.grams, locale)
        return {
          title: county.name,
          description: locale === 'en' ? `${weight} sold` : `已售出 ${weight}`,
          data: { [`/api/counties/${code}`]: county, [`/api/impact/counties/${code}`]: impact },
        }
      },
    },
  ]
}
