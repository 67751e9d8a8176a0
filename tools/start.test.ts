/** `npm start` as a person meets it: real processes, real signals, a real database left behind. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { dataFolderRefusal } from '../apps/server/src/platform/start-refusal.ts'
import {
  databaseUrl,
  interrupt,
  makeHome,
  processesOf,
  serverProcess,
  start,
  type TestHome,
  waitFor,
} from './start-testing.ts'

const ready = /^ready http:/m
const stopMsMax = 5000
/** What takes a first start long: installing, building, migrating, loading the demo world. */
const longSteps = /正在安装|正在构建|数据库迁移|演示数据 \d/

/** A refusal is one line that names its reason in Chinese and in English, and nothing like a stack. */
function assertRefusal(output: string, code: string): void {
  const told = output.split('\n').filter((line) => line.includes(`[${code}]`))
  assert.equal(told.length, 1, output)
  assert.match(told[0] ?? '', /[一-鿿].* \/ .*[a-z]/)
  assert.doesNotMatch(output, /^\s+at /m)
}

async function inDatabase<Row extends object>(dataDir: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl(dataDir) })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

// One home goes through the tests below in their order, as a store goes through its life.
let home: TestHome
before(async () => {
  home = await makeHome()
})
after(() => home.remove())

test('Ctrl-C while the database is being made leaves no process behind', async () => {
  const started = start(home)
  await waitFor(started, /数据库/)
  const { tookMs } = await interrupt(started)
  assert.ok(tookMs < stopMsMax, `took ${tookMs} ms`)
  assert.deepEqual(processesOf(home.dataDir), [])
})

test('after kill -9 of Node the next start goes on with the same data, and Ctrl-C then ends everything', async () => {
  const first = start(home)
  await waitFor(first, ready)
  await inDatabase(home.dataDir, 'create table left_behind as select 42 as answer')
  const pids = [first.child.pid ?? 0, serverProcess(home.dataDir)]
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  await first.exited
  assert.ok(processesOf(home.dataDir).length > 0, 'PostgreSQL stays behind')

  const second = start(home)
  await waitFor(second, ready)
  assert.deepEqual(await inDatabase(home.dataDir, 'select answer from left_behind'), [{ answer: 42 }])
  const { code, tookMs } = await interrupt(second)
  assert.equal(code, 0)
  assert.ok(tookMs < stopMsMax, `took ${tookMs} ms`)
  assert.deepEqual(processesOf(home.dataDir), [])
})

test('Ctrl-C ends everything while a job waits for a lock that nobody gives back', async () => {
  const started = start(home)
  await waitFor(started, ready)
  const holder = new pg.Client({ connectionString: databaseUrl(home.dataDir) })
  holder.on('error', () => {
    // Its server is ended under it.
  })
  await holder.connect()
  await holder.query('begin')
  await holder.query('lock table offers')
  await inDatabase(home.dataDir, `select graphile_worker.add_job('offers.expire')`)
  const waits = `select from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'chunbo'`
  while ((await inDatabase(home.dataDir, waits)).length === 0) await sleep(50)
  const { tookMs } = await interrupt(started)
  assert.ok(tookMs < stopMsMax, `took ${tookMs} ms`)
  assert.deepEqual(processesOf(home.dataDir), [])
  await holder.end().catch(() => {})
})

test('a killed run.mjs takes the server down with it in order', async () => {
  const started = start(home)
  await waitFor(started, ready)
  started.child.kill('SIGKILL')
  const deadline = performance.now() + stopMsMax + 1000
  while (processesOf(home.dataDir).length > 0 && performance.now() < deadline) await new Promise(setImmediate)
  assert.deepEqual(processesOf(home.dataDir), [])
})

test('a second instance on the same data refuses, and the first goes on', async () => {
  const first = start(home)
  await waitFor(first, ready)
  const second = start(home)
  const { code } = await second.exited
  assert.notEqual(code, 0)
  assertRefusal(second.output(), 'data_folder.in_use')
  const response = await fetch(`http://127.0.0.1:${home.port}/healthz`)
  assert.equal(response.status, 200)
  await interrupt(first)
})

test('with the demo world it prints a login for each role, and a second start does nothing twice', async () => {
  const demoHome = await makeHome()
  try {
    const first = start(demoHome, { demo: true })
    await waitFor(first, ready)
    for (const role of ['operator', 'host', 'shop', 'buyer']) {
      assert.match(first.output(), new RegExp(`^ +${role} +\\S+@\\S+`, 'm'))
    }
    await interrupt(first)
    assert.match(first.output(), longSteps)
    const second = start(demoHome, { demo: true })
    await waitFor(second, ready)
    await interrupt(second)
    // How long it takes is for `npm run bench -- start`.
    assert.doesNotMatch(second.output(), longSteps)
  } finally {
    await demoHome.remove()
  }
})

test('a port in use is refused, and nothing stays running', async () => {
  const squatter = createServer()
  await new Promise<void>((resolve) => squatter.listen(home.port, resolve))
  const started = start(home)
  const { code } = await started.exited
  squatter.close()
  assert.notEqual(code, 0)
  assertRefusal(started.output(), 'port.in_use')
  assert.match(started.output(), /PORT=/)
  assert.deepEqual(processesOf(home.dataDir), [])
})

test('a database of a newer schema is refused', async () => {
  const first = start(home)
  await waitFor(first, ready)
  await inDatabase(
    home.dataDir,
    `insert into schema_migrations (number, name, hash) values (9999, '9999_future.sql', 'x')`,
  )
  await interrupt(first)
  const second = start(home)
  const { code } = await second.exited
  assert.notEqual(code, 0)
  assertRefusal(second.output(), 'database.newer_schema')
  assert.deepEqual(processesOf(home.dataDir), [])
})

test('a data folder that cannot be written to is refused', async () => {
  // Not even root makes folders in /sys, so this holds for every user.
  const started = start({ ...home, dataDir: '/sys/chunbo' })
  const { code } = await started.exited
  assert.notEqual(code, 0)
  assertRefusal(started.output(), 'data_folder.read_only')
})

test('a full data folder is refused', async () => {
  // A small file system of memory, seen by this one process only.
  const apart = ['unshare', '--user', '--map-root-user', '--mount']
  const mount = `mount -t tmpfs -o size=4m tmpfs ${home.dataDir}`
  if (spawnSync(apart[0] ?? '', [...apart.slice(1), 'sh', '-c', mount]).status !== 0) {
    // A container that allows no mounts; what the disk would say is then all that can be tried.
    assert.equal(dataFolderRefusal({ code: 'ENOSPC' }, home.dataDir)?.code, 'data_folder.full')
    return
  }
  const started = start(home, { wrap: [...apart, 'sh', '-c', `${mount} && exec "$@"`, 'sh'] })
  const { code } = await started.exited
  assert.notEqual(code, 0)
  assertRefusal(started.output(), 'data_folder.full')
})
