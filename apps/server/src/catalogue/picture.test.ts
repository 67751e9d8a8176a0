import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { folderStorage } from '../platform/folder-storage.ts'
import { encodePicture } from './picture.ts'
import { createDecoderGate, createPictureStore, pictureKey, USER_ATTEMPTS_PER_HOUR } from './store-picture.ts'
import { AT, createWorld, type World } from './testing/world.ts'

let world: World
let folder: string
before(async () => {
  world = await createWorld()
  folder = await mkdtemp(join(tmpdir(), 'chunbo-pictures-'))
})
after(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

const draw = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 40, g: 120, b: 60 } } })

test('a photo comes out upright, in three widths, as WebP and without the place where it was taken', async () => {
  const photo = await draw(2400, 1200)
    .withMetadata({ orientation: 6 })
    .withExifMerge({ IFD0: { Make: 'Phone' }, IFD3: { GPSLatitude: '24/1 26/1 0/1', GPSLatitudeRef: 'N' } })
    .jpeg()
    .toBuffer()
  assert.ok((await sharp(photo).metadata()).exif?.includes('Phone'))
  const picture = await encodePicture(photo, 'image/jpeg')
  assert.deepEqual([picture.width, picture.height], [1200, 2400])
  const sizes = []
  for (const { width, bytes } of picture.files) {
    const head = await sharp(bytes).metadata()
    assert.equal(head.format, 'webp')
    assert.deepEqual([head.exif, head.icc, head.xmp, head.orientation], [undefined, undefined, undefined, undefined])
    sizes.push([width, head.width, head.height])
  }
  assert.deepEqual(sizes, [
    [400, 400, 800],
    [800, 800, 1600],
    [1600, 1200, 2400],
  ])
})

test('PNG with transparency, WebP, grey and CMYK pictures are taken', async () => {
  const clear = await sharp({ create: { width: 300, height: 200, channels: 4, background: '#00000000' } })
    .png()
    .toBuffer()
  assert.equal((await sharp((await encodePicture(clear, 'image/png')).files[0]?.bytes).metadata()).hasAlpha, true)
  await encodePicture(await draw(300, 300).webp().toBuffer(), 'image/webp')
  await encodePicture(await draw(300, 300).greyscale().jpeg().toBuffer(), 'application/octet-stream')
  await encodePicture(await draw(300, 300).toColourspace('cmyk').jpeg().toBuffer(), 'image/jpg')
})

test('a very tall picture is made narrower instead of breaking the encoder', async () => {
  const { width, height } = await encodePicture(await draw(100, 30_000).png().toBuffer(), 'image/png')
  assert.deepEqual([width, height], [27, 8000])
})

const lies: [string, () => Promise<Buffer> | Buffer, string, string][] = [
  ['a page that says it is a PNG', () => Buffer.from('<!doctype html><script>alert(1)</script>'), 'image/png', 'lies'],
  ['an SVG that says it is a PNG', () => Buffer.from('<?xml version="1.0"?><svg onload="x()"/>'), 'image/png', 'lies'],
  ['a PNG that says it is a JPEG', () => draw(100, 100).png().toBuffer(), 'image/jpeg', 'lies'],
  [
    'a JPEG head before other bytes',
    () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Buffer.from('MZ evil')]),
    'image/jpeg',
    'broken',
  ],
  ['an honest GIF', () => draw(100, 100).gif().toBuffer(), 'image/gif', 'format'],
  ['a picture that says it is a document', () => draw(100, 100).png().toBuffer(), 'application/pdf', 'format'],
  ['nothing at all', () => Buffer.alloc(0), '', 'format'],
  [
    'a picture cut off in the middle',
    async () => (await draw(600, 600).png().toBuffer()).subarray(0, 700),
    'image/png',
    'broken',
  ],
  [
    'a bomb of 64 million pixels',
    () => draw(8000, 8000).png({ compressionLevel: 9 }).toBuffer(),
    'image/png',
    'too_many_pixels',
  ],
  ['an icon', () => draw(63, 400).png().toBuffer(), 'image/png', 'too_small'],
]
for (const [name, make, declared, code] of lies) {
  test(`refused: ${name}`, async () => {
    const bytes = await make()
    await assert.rejects(encodePicture(bytes, declared), { code: `catalogue.picture_${code}` })
  })
}

test('a stored picture has its three files and its row', async () => {
  const storage = folderStorage(folder)
  const store = createPictureStore(world.db, storage)
  const picture = await store.store(1, await draw(500, 400).jpeg().toBuffer(), 'image/jpeg', AT)
  for (const width of [400, 800, 1600]) assert.notEqual(await storage.size(pictureKey(picture.id, width)), null)
  const rows = await world.db.query('select owner_user_id, width, height from pictures where id = $1', [picture.id])
  assert.deepEqual(rows, [{ owner_user_id: 1, width: 500, height: 400 }])
})

test('an account has so many attempts an hour, refused ones included, also when they come together', async () => {
  const store = createPictureStore(world.db, folderStorage(folder))
  const attempt = (at: Date) => store.store(2, Buffer.from('no picture'), '', at)
  const codes = new Map<string, number>()
  await Promise.all(
    Array.from({ length: USER_ATTEMPTS_PER_HOUR + 5 }, () =>
      attempt(AT).catch((error) => codes.set(error.code, (codes.get(error.code) ?? 0) + 1)),
    ),
  )
  assert.equal(codes.get('catalogue.picture_limit'), 5)
  await assert.rejects(
    attempt(new Date(AT.getTime() + 3_600_000)),
    (error: { code: string }) => error.code !== 'catalogue.picture_limit',
  )
})

test('the decoders take two at once, eight wait, the next is told to come again', async () => {
  const gate = createDecoderGate()
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  let running = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++running)
    await held
    running--
  }
  const accepted = Array.from({ length: 10 }, () => gate(work))
  await assert.rejects(gate(work), { code: 'catalogue.pictures_busy' })
  release()
  await Promise.all(accepted)
  assert.equal(most, 2)
  await gate(work)
})
