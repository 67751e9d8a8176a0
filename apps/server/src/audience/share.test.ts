import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import decodeQR from 'qr/decode.js'
import sharp from 'sharp'
import { openLetters } from '../platform/letter-outlines.ts'
import { CARD_HEIGHT, CARD_WIDTH, wrapText } from './share-card.ts'
import { type AudienceWorld, createAudienceWorld } from './testing/audience-world.ts'

let world: AudienceWorld
before(async () => {
  world = await createAudienceWorld()
})
after(() => world.close())

test('the card is a picture whose code leads to the room', async () => {
  const room = await world.room({ titleEn: 'Peas tonight', hostOffice: '副县长' })
  for (const lang of ['', '?lang=en']) {
    const answer = await world.bytes(`/api/rooms/${room.id}/share.png${lang}`)
    assert.deepEqual([answer.statusCode, answer.headers['content-type']], [200, 'image/png'])
    assert.ok(answer.rawPayload.length < 600_000, `${answer.rawPayload.length} bytes`)
    const { data, info } = await sharp(answer.rawPayload).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    assert.deepEqual([info.width, info.height], [CARD_WIDTH, CARD_HEIGHT])
    const link = decodeQR({ width: info.width, height: info.height, data: new Uint8Array(data) })
    assert.equal(link, `${world.app.platform.config.publicUrl}/rooms/${room.id}`)
  }
})

test('it is kept until what stands on it changes', async () => {
  const room = await world.room()
  const url = `/api/rooms/${room.id}/share.png`
  const first = await world.bytes(url)
  const { etag } = first.headers
  assert.equal(first.headers['cache-control'], 'public, max-age=300')
  const again = await world.bytes(url, { 'if-none-match': String(etag) })
  assert.deepEqual([again.statusCode, again.body], [304, ''])
  await world.ask('PATCH', `/api/rooms/${room.id}`, { as: world.hostId, body: { titleZh: '换了题目' } })
  assert.notEqual((await world.bytes(url)).headers.etag, etag)
  assert.equal(await world.refusal('GET', '/api/rooms/999999/share.png'), 'live.room_not_found')
  assert.equal(await world.refusal('GET', `${url}?lang=fr`), 'request.invalid')
})

test('whatever a title has in it, a card is drawn', async () => {
  for (const titleZh of ['<svg>&"\'', '🎉🎉🎉', '龘'.repeat(40), 'W'.repeat(40), '\u202eabc\u0007', '𠮷野家 é ü'])
    assert.equal(
      (await world.bytes(`/api/rooms/${(await world.room({ titleZh })).id}/share.png`)).statusCode,
      200,
      titleZh,
    )
})

test('every Chinese character has an outline of its own without a font on the machine, and what has none is left out', async () => {
  const letters = await openLetters('景东豌豆鄠畲🎉A', 400)
  const paths = [...'景东豌豆鄠畲'].map((sign) => letters.outline(sign, 40).path)
  assert.ok(paths.every((path) => path.length > 50))
  assert.equal(new Set(paths).size, paths.length)
  assert.deepEqual(letters.outline('🎉', 40), { path: '', width: 0 })
})

test('a title is broken into lines that fit, and the last says that there is more', async () => {
  const text = '景东豌豆今天摘今天发 Jingdong peas picked today and sent today'
  const letters = await openLetters(`${text}…`, 700)
  const lines = wrapText(letters, text, 40, 300, 3)
  assert.equal(lines.length, 3)
  for (const line of lines) assert.ok(letters.widthOf(line, 40) <= 300, line)
  assert.match(lines.at(-1) ?? '', /…$/)
  assert.deepEqual(wrapText(letters, '景东', 40, 300, 3), ['景东'])
})
