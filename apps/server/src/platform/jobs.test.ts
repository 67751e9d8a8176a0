import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Database, openDatabase } from './database.ts'
import { createJobs, type JobDefinition } from './jobs.ts'
import { createLog } from './log.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'

let store: TestDatabase
let db: Database
before(async () => {
  store = await createTestDatabase()
  db = openDatabase(store.url)
})
after(async () => {
  await db.close()
  await store.close()
})

const log = createLog('silent')
/** Work that comes round by itself on the 29th of February only; the test puts it on the queue. */
const job = (run: () => Promise<void>): JobDefinition => ({ name: 'test.work', cron: '0 0 29 2 *', run })

test('stop waits for a job that runs, and begins no other', async () => {
  const begun = Promise.withResolvers<void>()
  const steps: string[] = []
  const jobs = createJobs(db, log)
  await jobs.start([
    job(async () => {
      begun.resolve()
      await new Promise((resolve) => setTimeout(resolve, 300))
      steps.push('done')
    }),
  ])
  await db.query(`select graphile_worker.add_job('test.work')`)
  await begun.promise
  await jobs.stop()
  steps.push('stopped')
  await db.query(`select graphile_worker.add_job('test.work')`)
  assert.deepEqual(steps, ['done', 'stopped'])
  await db.query('delete from graphile_worker._private_jobs')
})

test('a job that hangs is given back to the queue, and the next start takes it up', async () => {
  const begun = Promise.withResolvers<void>()
  const hanging = createJobs(db, log)
  await hanging.start([
    job(() => {
      begun.resolve()
      return new Promise(() => {})
    }),
  ])
  await db.query(`select graphile_worker.add_job('test.work')`)
  await begun.promise
  await hanging.stop()
  const rows = await db.query<{ locked_at: Date | null; attempts: number }>('select * from graphile_worker.jobs')
  assert.deepEqual(
    rows.map(({ locked_at, attempts }) => [locked_at, attempts]),
    [[null, 1]],
  )

  const again = Promise.withResolvers<void>()
  const next = createJobs(db, log)
  await next.start([job(async () => again.resolve())])
  await again.promise
  await next.stop()
})
