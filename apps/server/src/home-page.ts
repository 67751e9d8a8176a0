import type { FastifyInstance } from 'fastify'
import type { Clock } from './platform/clock.ts'
import type { PageDescription, PageHead } from './platform/web-app.ts'

/** What the web app asks for on its first screen, word for word: an answer under another path would not be found. */
const FIRST_SCREEN = [
  '/api/rooms?status=live&limit=12',
  '/api/rooms?status=scheduled&limit=12',
  '/api/aid?limit=2',
  '/api/skus?sort=sold&limit=20',
  '/api/impact/counties?limit=8',
]
/** A burst of visitors shares one set of answers; figures on the front page may be this old. */
const FRESH_MS = 1000

/** Head of the front page, which no single slice could describe: it asks the API itself, as a stranger. */
export function homePage(app: FastifyInstance, clock: Clock): PageHead {
  let kept: { atMs: number; data: Promise<Record<string, unknown>> } | null = null
  const ask = async (): Promise<Record<string, unknown>> => {
    const answers = await Promise.all(FIRST_SCREEN.map((path) => app.inject(path)))
    // What failed is left out: the page then asks for it and shows the problem in its place.
    return Object.fromEntries(
      FIRST_SCREEN.flatMap((path, index) => {
        const answer = answers[index]
        return answer?.statusCode === 200 ? [[path, answer.json()]] : []
      }),
    )
  }
  return {
    path: /^\/$/,
    async describe(_match, locale): Promise<PageDescription> {
      const nowMs = clock.now().getTime()
      if (!kept || nowMs - kept.atMs > FRESH_MS) kept = { atMs: nowMs, data: ask() }
      return {
        title: locale === 'en' ? 'Chunbo: the harvest, live' : '春播 · 好收成，直播卖',
        description:
          locale === 'en'
            ? 'Watch the counties sell their harvest live, and buy what is picked today.'
            : '看各县直播卖自家收成，今天摘，今天发。',
        data: await kept.data,
      }
    },
  }
}
