import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { createTestDatabase } from './test-database.ts'

async function ask<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

test('two test databases are migrated, apart from each other and gone after close', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()])
  const [applied] = await ask<{ n: number }>(one.url, 'select count(*)::int n from schema_migrations')
  assert.ok((applied?.n ?? 0) > 0)
  await ask(one.url, 'create table only_here (id int)')
  assert.deepEqual(await ask(two.url, `select to_regclass('only_here') as found`), [{ found: null }])
  await Promise.all([one.close(), two.close()])
  await assert.rejects(ask(one.url, 'select 1'), { code: '3D000' })
})

test('the role of a test database is no superuser, as in production', async () => {
  const database = await createTestDatabase()
  assert.deepEqual(await ask(database.url, `select current_setting('is_superuser') as super`), [{ super: 'off' }])
  await database.close()
})
