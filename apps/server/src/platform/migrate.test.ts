import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { migrate } from './migrate.ts'
import { StartRefusal } from './start-refusal.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database.close())

test('a database that cannot be reached is told in one line without its password', async () => {
  await assert.rejects(migrate('postgres://chunbo:secret-word@127.0.0.1:1/chunbo'), (error: unknown) => {
    assert.ok(error instanceof StartRefusal)
    assert.equal(error.code, 'database.unreachable')
    assert.match(error.line, /DATABASE_URL/)
    assert.ok(!error.line.includes('secret-word') && !error.line.includes('\n'))
    return true
  })
})

test('a database that is as it should be is left so', async () => {
  assert.equal(await migrate(database.url), 0)
})
