import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openStorage, type Storage, type StoragePlace, storageFolder } from './storage.ts'
import { type S3Server, startS3Server } from './testing/s3-server.ts'

let root = ''
let s3: S3Server
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'chunbo-storage-'))
  s3 = await startS3Server()
})
after(async () => {
  await s3.close()
  await rm(root, { recursive: true, force: true })
})

const places: Record<string, () => StoragePlace> = {
  folder: () => ({ kind: 'folder', root: join(root, 'files') }),
  bucket: () => ({ kind: 's3', ...s3.place }),
}
for (const [name, place] of Object.entries(places)) {
  describe(`storage in a ${name}`, () => {
    let storage: Storage
    before(() => {
      storage = openStorage(place())
    })

    test('what is put is read back, whole or by range, and listed', async () => {
      await storage.put('pictures/a/400.webp', Buffer.from('0123456789'))
      assert.equal((await storage.read('pictures/a/400.webp'))?.toString(), '0123456789')
      assert.equal(await storage.size('pictures/a/400.webp'), 10)
      const part = await storage.stream('pictures/a/400.webp', { start: 2, end: 4 })
      assert.ok(part)
      assert.equal(Buffer.concat(await part.body.toArray()).toString(), '234')
      assert.equal(part.size, 10)
      const whole = await storage.stream('pictures/a/400.webp')
      assert.equal(Buffer.concat((await whole?.body.toArray()) ?? []).toString(), '0123456789')
      assert.deepEqual(await storage.list('pictures'), ['pictures/a/400.webp'])
    })

    test('an object is replaced as a whole', async () => {
      for (const text of ['a', 'a much longer text', '', 'b']) {
        await storage.put('recordings/1/index.ndjson', Buffer.from(text))
        assert.equal((await storage.read('recordings/1/index.ndjson'))?.toString(), text)
      }
    })

    test('what is not there is null, and removing it is no error', async () => {
      assert.equal(await storage.read('nothing/here'), null)
      assert.equal(await storage.stream('nothing/here'), null)
      assert.equal(await storage.size('nothing'), null)
      assert.deepEqual(await storage.list('nothing'), [])
      await storage.remove('nothing/here')
    })

    test('a folder of a storage is removed with all that is in it, and nothing beside it', async () => {
      const recordings = storageFolder(storage, 'recordings')
      const keys = Array.from({ length: 1_200 }, (_, index) => `7/seg-${index}.m4s`)
      for (let at = 0; at < keys.length; at += 100)
        await Promise.all(keys.slice(at, at + 100).map((key) => recordings.put(key, Buffer.from('x'))))
      await recordings.put('77/index.ndjson', Buffer.from('y'))
      assert.deepEqual((await recordings.list('7')).sort(), keys.sort())
      await recordings.remove('7')
      assert.deepEqual(await recordings.list('7'), [])
      assert.deepEqual(await recordings.list('77'), ['77/index.ndjson'])
    })

    for (const key of [
      '../outside',
      'a/../../outside',
      '/etc/passwd',
      '',
      'a\0b',
      '.hidden',
      'a//../b',
      'x'.repeat(400),
    ]) {
      test(`a key that could leave its place is refused: ${JSON.stringify(key.slice(0, 20))}`, async () => {
        await assert.rejects(async () => storage.put(key, Buffer.from('x')), RangeError)
        await assert.rejects(async () => storage.read(key), RangeError)
        await assert.rejects(async () => storage.remove(key), RangeError)
      })
    }
  })
}
