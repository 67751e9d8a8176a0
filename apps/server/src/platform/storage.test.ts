import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { folderStorage, type Storage } from './storage.ts'

let root = ''
let storage: Storage
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'chunbo-storage-'))
  storage = folderStorage(join(root, 'files'))
})
after(() => rm(root, { recursive: true, force: true }))

test('what is put is read back, whole or by range, and listed', async () => {
  await storage.put('pictures/a/400.webp', Buffer.from('0123456789'))
  assert.equal((await storage.read('pictures/a/400.webp'))?.toString(), '0123456789')
  assert.equal(await storage.size('pictures/a/400.webp'), 10)
  const part = await storage.stream('pictures/a/400.webp', { start: 2, end: 4 })
  assert.ok(part)
  assert.equal(Buffer.concat(await part.body.toArray()).toString(), '234')
  assert.deepEqual(await storage.list('pictures'), ['pictures/a/400.webp'])
})

test('appending makes and extends an object', async () => {
  await storage.append('recordings/1/index.ndjson', Buffer.from('a\n'))
  await storage.append('recordings/1/index.ndjson', Buffer.from('b\n'))
  assert.equal((await storage.read('recordings/1/index.ndjson'))?.toString(), 'a\nb\n')
})

test('what is not there is null, and removing it is no error', async () => {
  assert.equal(await storage.read('nothing/here'), null)
  assert.equal(await storage.stream('nothing/here'), null)
  assert.equal(await storage.size('nothing'), null)
  assert.deepEqual(await storage.list('nothing'), [])
  await storage.remove('nothing/here')
})

for (const key of ['../outside', 'a/../../outside', '/etc/passwd', '', 'a\0b', '.hidden', 'a//../b', 'x'.repeat(400)]) {
  test(`a key that could leave the folder is refused: ${JSON.stringify(key.slice(0, 20))}`, async () => {
    await assert.rejects(async () => storage.put(key, Buffer.from('x')), RangeError)
    await assert.rejects(async () => storage.read(key), RangeError)
  })
}
