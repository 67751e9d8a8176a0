/** `npm start`: builds the web app when its sources changed, then becomes the server. */
import { StartRefusal } from '../apps/server/src/platform/start-refusal.ts'
import { watchParentProcess } from './start-parent.ts'
import { buildWebIfStale } from './start-web.ts'

watchParentProcess()
try {
  await buildWebIfStale((zh, en) => process.stdout.write(`${zh} / ${en}\n`))
} catch (error) {
  if (!(error instanceof StartRefusal)) throw error
  process.stderr.write(`${error.line}\n`)
  process.exit(1)
}
// The server runs in this very process: one process less to lose on the way to it, for signals and for exit codes.
await import('../apps/server/src/main.ts')
