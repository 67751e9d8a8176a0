/** Builds the web app if its sources changed since the last build. */
import { buildWebIfStale } from './start-web.ts'

await buildWebIfStale((zh, en) => process.stdout.write(`${zh} / ${en}\n`))
