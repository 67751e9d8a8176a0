import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { createIntakeWorld, type IntakeWorld, peas } from './testing/intake-world.ts'
import { removeOldUploads } from './upload-picture.ts'

let world: IntakeWorld
before(async () => {
  world = await createIntakeWorld()
})
after(() => world.close())

const photo = (width = 300) =>
  sharp({ create: { width, height: 200, channels: 3, background: '#4a8f3c' } })
    .jpeg()
    .toBuffer()

function upload(bytes: Buffer, type = 'image/jpeg', address = '10.2.0.1') {
  const edge = 'edge-of-part'
  const head = `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\ncontent-type: ${type}\r\n\r\n`
  return world.ask({
    method: 'POST',
    url: '/api/relief/pictures',
    address,
    headers: { 'content-type': `multipart/form-data; boundary=${edge}` },
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${edge}--\r\n`)]),
  })
}

test('a picture without an account belongs to the one report that names it', async () => {
  const picture = await upload(await photo())
  assert.equal(picture.status, 201)
  const pictures = [picture.json.id as string]
  const { json } = await world.report(peas({ pictures }))
  const track = await world.ask({ url: `/api/relief/track/${json.token}` })
  assert.deepEqual(track.json.pictures, [picture.json])
  assert.equal((await world.ask({ url: `/api/pictures/${pictures[0]}/400.webp` })).status, 200)
  assert.equal((await world.report(peas({ pictures }))).json.code, 'relief.picture_gone')
})

test('of two reports at once that name the same picture one has it', async () => {
  const { json } = await upload(await photo())
  const answers = await Promise.all([1, 2].map(() => world.report(peas({ pictures: [json.id as string] }))))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409])
})

test('a photo of 40 MB is refused as too large, whatever it holds', async () => {
  const answer = await upload(Buffer.alloc(40 * 1024 * 1024, 1))
  assert.deepEqual([answer.status, answer.json.code], [413, 'catalogue.picture_too_large'])
})

test('a file that is no picture is refused by its content', async () => {
  const page = Buffer.from('<!doctype html><script>alert(1)</script>')
  assert.equal((await upload(page, 'image/jpeg')).json.code, 'catalogue.picture_lies')
  assert.equal((await upload(Buffer.from('%PDF-1.7 peas'), 'application/pdf')).json.code, 'catalogue.picture_format')
  const gif = await sharp(await photo())
    .gif()
    .toBuffer()
  assert.equal((await upload(gif, 'image/gif')).json.code, 'catalogue.picture_format')
})

test('an address uploads so many pictures an hour', async () => {
  const page = Buffer.from('no picture')
  let answer = await upload(page, 'image/jpeg', '10.2.0.9')
  for (let i = 0; i < 120 && answer.status !== 429; i++) answer = await upload(page, 'image/jpeg', '10.2.0.9')
  assert.equal(answer.json.code, 'request.too_many')
})

test('what no report names is gone after a day, what one names stays', async () => {
  const { platform, slices } = world.app
  const kept = (await upload(await photo())).json.id as string
  await world.report(peas({ pictures: [kept] }))
  const left = (await upload(await photo(400))).json.id as string
  await platform.db.query(`update relief_uploads set uploaded_at = now() - interval '25 hours'`)
  const context = { platform, catalogue: slices.catalogue }
  assert.ok((await removeOldUploads(context)) >= 1)
  assert.equal((await world.ask({ url: `/api/pictures/${left}/400.webp` })).status, 404)
  assert.equal((await world.ask({ url: `/api/pictures/${kept}/400.webp` })).status, 200)
  assert.equal(await removeOldUploads(context), 0)
})
