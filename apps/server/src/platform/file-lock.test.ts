import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { takeFileLock, waitForFileLock } from './file-lock.ts'
import { processIdentity } from './process-identity.ts'

const folder = mkdtempSync(join(tmpdir(), 'chunbo-lock-'))
after(() => rmSync(folder, { recursive: true }))

test('a held lock names its holder, and a released one is free', () => {
  const path = join(folder, 'held')
  const first = takeFileLock(path)
  assert.ok(first.held)
  assert.deepEqual(takeFileLock(path), { held: false, holderPid: process.pid })
  first.lock.release()
  first.lock.release()
  const second = takeFileLock(path)
  assert.ok(second.held)
  first.lock.release()
  assert.ok(existsSync(path), 'a late release leaves the lock of the next holder alone')
  second.lock.release()
})

test('a lock whose pid now belongs to another process is taken over, and so is a torn file', () => {
  const path = join(folder, 'stale')
  const before = `${processIdentity(process.pid)}0`
  for (const left of [JSON.stringify({ pid: process.pid, identity: before, token: 'x' }), '', '{"pid":1']) {
    writeFileSync(path, left)
    const outcome = takeFileLock(path)
    assert.ok(outcome.held)
    outcome.lock.release()
  }
})

test('of eight processes that find a stale lock, one at a time holds it', async () => {
  const path = join(folder, 'contended')
  const counter = join(folder, 'counter')
  writeFileSync(path, '{"pid":4194304,"identity":"gone","token":"x"}')
  writeFileSync(counter, '0')
  const turns = 20
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs'
    import { waitForFileLock } from ${JSON.stringify(new URL('./file-lock.ts', import.meta.url).href)}
    for (let turn = 0; turn < ${turns}; turn += 1) {
      const lock = await waitForFileLock(${JSON.stringify(path)}, 60_000)
      writeFileSync(${JSON.stringify(counter)}, String(Number(readFileSync(${JSON.stringify(counter)}, 'utf8')) + 1))
      lock.release()
    }`
  const codes = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
      return new Promise((resolve) => child.once('exit', resolve))
    }),
  )
  assert.deepEqual(new Set(codes), new Set([0]))
  assert.equal(readFileSync(counter, 'utf8'), String(8 * turns))
})

test('waiting for a lock ends when its holder does not let go', async () => {
  const path = join(folder, 'awaited')
  const outcome = takeFileLock(path)
  assert.ok(outcome.held)
  await assert.rejects(waitForFileLock(path, 10), /still holds/)
  outcome.lock.release()
})
