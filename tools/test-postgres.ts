/** The PostgreSQL of one `npm test`: in a folder of this run, gone with it, so that two runs never meet. */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { removePostgres } from '../apps/server/src/platform/embedded-postgres-place.ts'
import { processIdentity } from '../apps/server/src/platform/process-identity.ts'
import { startTestServer } from '../apps/server/src/platform/testing/test-database.ts'
import { root } from './test-steps.ts'

/** Starts it after clearing away what killed runs left. */
export async function startTestPostgres(say: (line: string) => void): Promise<{ url: string; stop(): Promise<void> }> {
  const cache = join(root, '.cache')
  await mkdir(cache, { recursive: true })
  for (const name of await readdir(cache)) {
    const pid = /^test-run-(\d+)$/.exec(name)?.[1]
    if (pid === undefined || processIdentity(Number(pid)) !== undefined) continue
    say(`清理上次中断的测试数据库 / clearing the database of an interrupted run (${name})`)
    await clear(join(cache, name))
  }
  const folder = join(cache, `test-run-${process.pid}`)
  const server = await startTestServer(folder)
  return {
    url: server.url,
    async stop() {
      await server.stop()
      await removePostgres(folder)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function clear(folder: string): Promise<void> {
  const left = await startTestServer(folder)
  await left.stop()
  await removePostgres(folder)
  await rm(folder, { recursive: true, force: true })
}
