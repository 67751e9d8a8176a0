/** The life of an embedded PostgreSQL: real servers, killed in the ways that machines and people kill them. */
import assert from 'node:assert/strict'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { removePostgres } from './embedded-postgres-place.ts'
import { processIdentity } from './process-identity.ts'

const isRoot = process.getuid?.() === 0
const base = mkdtempSync(join(tmpdir(), 'chunbo-embedded-'))
chmodSync(base, 0o755)
const dataDir = join(base, 'data')
mkdirSync(dataDir)
after(async () => {
  await removePostgres(dataDir)
  await rm(base, { recursive: true, force: true })
})

async function ask<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  // The server is killed under some of these connections.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, `not within 20 s: ${what}`)
    await sleep(20)
  }
}

async function withServer(work: (server: EmbeddedPostgres) => Promise<void>): Promise<void> {
  const server = await startEmbeddedPostgres({ dataDir })
  try {
    await work(server)
  } finally {
    await server.stop()
  }
  assert.equal(processIdentity(server.pid), undefined)
}

test('it is durable, UTF-8, UTC, and the program is not its superuser', () =>
  withServer(async ({ url, adminUrl }) => {
    const settings = `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits,
      current_setting('full_page_writes') as pages, current_setting('server_encoding') as encoding,
      current_setting('timezone') as zone, current_setting('listen_addresses') as addresses`
    const all = { fsync: 'on', commits: 'on', pages: 'on', encoding: 'UTF8', zone: 'UTC', addresses: '' }
    assert.deepEqual(await ask(url, settings), [all])
    assert.deepEqual(await ask(url, `select rolsuper from pg_roles where rolname = current_user`), [
      { rolsuper: false },
    ])
    assert.deepEqual(await ask(adminUrl, `select rolsuper from pg_roles where rolname = current_user`), [
      { rolsuper: true },
    ])
  }))

test('other users of the machine stay out: no wrong password, no open folder', () =>
  withServer(async ({ url }) => {
    const wrong = new URL(url)
    wrong.password = 'guess'
    await assert.rejects(ask(wrong.href, 'select 1'), { code: '28P01' })
    wrong.password = ''
    await assert.rejects(ask(wrong.href, 'select 1'))
    assert.equal(statSync(join(dataDir, 'postgres')).mode & 0o077, 0)
    assert.equal(statSync(join(dataDir, 'postgres/passwords.json')).mode & 0o077, 0)
  }))

test('a server left behind is attached to, with the same address and data', async () => {
  const first = await startEmbeddedPostgres({ dataDir })
  await ask(first.url, 'create table kept as select 7 as n')
  const pid = first.pid
  first.detach()
  const second = await startEmbeddedPostgres({ dataDir })
  assert.equal(second.attached, true)
  assert.equal(second.pid, pid)
  assert.equal(second.url, first.url)
  assert.deepEqual(await ask(second.url, 'select n from kept'), [{ n: 7 }])
  await second.stop()
  assert.equal(processIdentity(pid), undefined)
})

test('a server left behind with other settings is ended and started anew', async () => {
  const first = await startEmbeddedPostgres({ dataDir, settings: { work_mem: '5MB' } })
  const pid = first.pid
  first.detach()
  const second = await startEmbeddedPostgres({ dataDir })
  assert.equal(second.attached, false)
  assert.equal(processIdentity(pid), undefined)
  assert.deepEqual(await ask(second.url, 'select n from kept'), [{ n: 7 }])
  await second.stop()
})

test('a server that is killed under us comes back at the same address with every committed row', () =>
  withServer(async (server) => {
    for (let round = 1; round <= 3; round += 1) {
      await ask(server.url, `insert into kept values (${round * 100})`)
      const pid = server.pid
      process.kill(pid, 'SIGKILL')
      await until('a new server', () => server.pid !== pid && processIdentity(server.pid) !== undefined)
      const rows = await ask(server.url, `select from kept where n = ${round * 100}`)
      assert.equal(rows.length, 1)
    }
  }))

test('a pid file whose pid belongs to another process by now does not keep it from starting', async () => {
  const pidFile = join(dataDir, 'postgres/cluster/postmaster.pid')
  const stale = [process.pid, join(dataDir, 'postgres/cluster'), 1, 5432, '/nowhere', '', '1 1', 'ready'].join('\n')
  writeFileSync(pidFile, `${stale}\n`)
  await withServer(async ({ url }) => {
    assert.deepEqual(await ask(url, 'select 1 as one'), [{ one: 1 }])
  })
})

test('a cluster that was cut short while being made is made again', async () => {
  const fresh = join(base, 'cut-short')
  mkdirSync(join(fresh, 'postgres/cluster.new/base'), { recursive: true })
  writeFileSync(join(fresh, 'postgres/cluster.new/PG_VERSION'), '18\n')
  const server = await startEmbeddedPostgres({ dataDir: fresh })
  assert.deepEqual(await ask(server.url, 'select 1 as one'), [{ one: 1 }])
  await server.stop()
})

test('a start that is called off leaves no server', async () => {
  const halt = new AbortController()
  const starting = startEmbeddedPostgres({ dataDir, signal: halt.signal })
  halt.abort()
  await assert.rejects(starting)
  assert.equal(existsSync(join(dataDir, 'postgres/cluster/postmaster.pid')), false)
})

test('a cluster of another major version is refused', async () => {
  const versionFile = join(dataDir, 'postgres/cluster/PG_VERSION')
  const version = readFileSync(versionFile, 'utf8')
  writeFileSync(versionFile, '15\n')
  await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'database.other_major' })
  writeFileSync(versionFile, version)
})

test('settings that the server does not take are told with its own words', async () => {
  const starting = startEmbeddedPostgres({ dataDir, settings: { shared_buffers: 'plenty' } })
  await assert.rejects(starting, { code: 'database.did_not_start', message: /shared_buffers/ })
})

test('a data folder with a long path is fine', async () => {
  const long = join(base, 'a-folder-with-a-long-name'.repeat(3), '县里的数据'.repeat(4))
  mkdirSync(long, { recursive: true })
  const server = await startEmbeddedPostgres({ dataDir: long })
  assert.deepEqual(await ask(server.url, 'select 1 as one'), [{ one: 1 }])
  await server.stop()
})

test('below a folder that the server may not enter, root keeps the cluster elsewhere and says so', async () => {
  const closed = join(base, 'closed')
  mkdirSync(join(closed, 'data'), { recursive: true })
  chmodSync(closed, 0o700)
  const within = join(closed, 'data')
  const server = await startEmbeddedPostgres({ dataDir: within })
  await ask(server.url, 'create table kept as select 9 as n')
  await server.stop()
  assert.equal(existsSync(join(within, 'postgres-is-elsewhere.json')), isRoot)

  // A later start finds the same data, also when the way has been opened meanwhile or the folder was moved.
  chmodSync(closed, 0o755)
  const moved = join(base, 'moved')
  cpSync(within, moved, { recursive: true })
  if (isRoot) await assert.rejects(startEmbeddedPostgres({ dataDir: moved }), { code: 'database.copied_folder' })
  const again = await startEmbeddedPostgres({ dataDir: within })
  assert.deepEqual(await ask(again.url, 'select n from kept'), [{ n: 9 }])
  await again.stop()
  await removePostgres(within)
})
