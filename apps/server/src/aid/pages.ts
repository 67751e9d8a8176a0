import { formatTotalWeight, pictureUrl, shortNameZh } from '@chunbo/contract'
import { Refusal } from '../platform/problem.ts'
import type { PageHead } from '../platform/web-app.ts'
import type { AidContext } from './context.ts'
import { type AidListRead, readAidPage } from './read-aid.ts'

/** Heads and first data of the aid page and of its cases. */
export function aidPages(context: AidContext, list: () => Promise<AidListRead>): PageHead[] {
  return [
    {
      path: /^\/aid$/,
      async describe(_match, locale) {
        const answer = await list()
        const left = formatTotalWeight(answer.total.leftG, locale)
        return {
          title: locale === 'en' ? 'Love aid: harvests without a buyer' : '爱心助农：帮滞销的收成找到家',
          description:
            locale === 'en'
              ? `${left} at risk today. Inspected, and sent from the field.`
              : `今天还有 ${left}等人来买，验过货，产地直发。`,
          data: { '/api/aid': answer },
        }
      },
    },
    {
      path: /^\/aid\/([1-9]\d{0,14})$/,
      async describe(match, locale) {
        const caseId = Number(match[1])
        const found = await readAidPage(context, caseId).catch((error: unknown) => {
          if (error instanceof Refusal) return null
          throw error
        })
        if (!found) return null
        const { place, produceZh, produceEn, leftG, picture } = found
        const left = formatTotalWeight(leftG, locale)
        const county = context.spelledPlace(place.county)
        return {
          title: locale === 'en' ? `${produceEn} from ${county}` : `${shortNameZh(place.county)}${produceZh}`,
          description: locale === 'en' ? `${left} still without a buyer` : `还有 ${left}等人来买`,
          ...(picture ? { image: pictureUrl(picture.id, 800) } : {}),
          data: { [`/api/aid/${caseId}`]: found },
        }
      },
    },
  ]
}
