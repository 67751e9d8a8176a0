import type { Platform, Slice } from '../platform/slice.ts'
import { createAidCache } from './aid-cache.ts'
import type { AidContext } from './context.ts'
import './errors.ts'
import { makeChecklist } from './make-checklist.ts'
import { aidPages } from './pages.ts'
import { readAidList } from './read-aid.ts'
import { aidRoutes } from './routes.ts'
import { shelveWaiting } from './shelve-waiting.ts'

/** Aid: the checklist of an accepted case, its fast track onto the shelf, and the page where buyers find it. */
export function createAid(platform: Platform, options: Omit<AidContext, 'platform'>): Slice {
  const context: AidContext = { platform, ...options }
  const list = createAidCache(platform.clock, () => readAidList(context))
  context.relief.onCaseMoved(({ caseId, to }) => {
    if (to !== 'accepted') return
    makeChecklist(context, caseId).catch((error: unknown) => {
      // Whoever looks at the checklist makes it.
      platform.log.warn({ err: error, caseId }, 'the checklist of a case could not be made yet')
    })
  })
  return {
    name: 'aid',
    routes: aidRoutes(context, list),
    pages: aidPages(context, list),
    jobs: [{ name: 'aid.shelve', cron: '* * * * *', run: () => shelveWaiting(context) }],
  }
}
