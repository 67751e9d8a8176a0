import type { County } from '@chunbo/contract'
import type { Who } from '../platform/session.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import './errors.ts'
import { readLiftWindows } from './fact-files.ts'
import { loadCountyFacts } from './load-county-facts.ts'
import { readCounty } from './queries.ts'
import { countyRoutes } from './routes.ts'

export { loadCountyFacts } from './load-county-facts.ts'

/** The slice, and what the others ask of it. In SQL they join the view `places` for the names of a county. */
export interface Counties extends Slice {
  /** A county with its status on a day (YYYY-MM-DD). @throws Refusal counties.unknown */
  readCounty(code: number, day: string): Promise<County>
}

/** Loads the facts that have changed and builds the slice. */
export async function createCounties(platform: Platform, who: { readonly anyone: Who }): Promise<Counties> {
  await loadCountyFacts(platform.db)
  const windows = await readLiftWindows()
  return {
    name: 'counties',
    routes: countyRoutes(platform, who.anyone, windows),
    readCounty: (code, day) => readCounty(platform.db, windows, code, day),
  }
}
