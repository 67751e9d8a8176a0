/** Devices that send late, twice and across each other: nothing is lost, doubled or overwritten, and what is signed stays. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { InspectionOp } from '@chunbo/contract'
import fc from 'fast-check'
import sharp from 'sharp'
import {
  createFieldWorld,
  type FieldWorld,
  filled,
  set,
  sign,
  signatures,
  whole,
  writer,
} from './testing/field-world.ts'

let world: FieldWorld
before(async () => {
  world = await createFieldWorld()
})
after(() => world.site.close())

/** 900 kg of navel oranges in packs of 5 kg. */
const ORANGES = {
  lot: {
    produceSlug: 'navel-orange',
    countyCode: 530823,
    township: '锦屏镇',
    village: '新民村',
    farm: '',
    harvestFrom: '2026-11-01',
    harvestTo: '2026-12-01',
    grade: 'ungraded' as const,
    grams: 900_000,
  },
  gramsMax: 900_000,
  skus: [
    {
      titleZh: '景东脐橙',
      titleEn: 'Jingdong navel oranges',
      packZh: '5 公斤箱',
      packEn: '5 kg box',
      storyZh: '',
      storyEn: '',
      netG: 5_000,
      priceFen: 3_990,
      buyerLimit: 10,
      stock: 100,
      pictureIds: [],
    },
  ],
  knownPictures: [],
}

const outcomes = async (ops: InspectionOp[], as?: number) =>
  (await world.sync(ops, as)).results.map(({ outcome, replayed }) => (replayed ? `again ${outcome}` : outcome))

test('a signed pass moves its case through inspection to coordination, and comes twice without doing anything twice', async () => {
  const caseId = await world.makeCase()
  const to = writer(caseId)
  const ops = whole(to, 122)
  assert.deepEqual(new Set(await outcomes(ops.slice(0, 4))), new Set(['applied']))
  assert.equal(await world.stageOf(caseId), 'inspecting')
  await outcomes(ops)
  assert.equal(await world.stageOf(caseId), 'coordinating')
  assert.deepEqual(new Set(await outcomes(ops)), new Set(['again applied']))
  const [inspection] = await world.read(caseId)
  assert.equal(inspection?.signed?.grade, 'special')
  assert.match(inspection?.signed?.certificate ?? '', /^HG\d{8}-[0-9A-F]{10}$/)
  const moves = await world.site.app.platform.db.query(
    'select from relief_log where case_id = $1 and to_stage is not null',
    [caseId],
  )
  assert.equal(moves.length, 2)
})

test('a failure gives the case back, so that it is offered on', async () => {
  const caseId = await world.makeCase()
  await world.sync(whole(writer(caseId), 122, 'positive'))
  assert.equal(await world.stageOf(caseId), 'verified')
  const [inspection] = await world.read(caseId)
  assert.equal(inspection?.signed?.verdict, 'fail')
  assert.equal(inspection?.signed?.certificate, null)
})

test('two inspectors who wrote the same field stand side by side until one has seen both', async () => {
  const caseId = await world.makeCase()
  const to = writer(caseId)
  const second = await world.person('inspector', 530823)
  const one = set(to, 'grams', 900_000)
  const other = set(to, 'grams', 800_000)
  assert.deepEqual(await outcomes([one]), ['applied'])
  assert.deepEqual(await outcomes([other], second), ['conflict'])
  const [inspection] = await world.read(caseId)
  const heads = inspection?.fields.find(({ field }) => field === 'grams')?.heads ?? []
  assert.deepEqual(heads.map(({ value }) => value).sort(), [800_000, 900_000])
  assert.equal(new Set(heads.map(({ by }) => by.id)).size, 2)
  assert.deepEqual(await outcomes([set(to, 'grams', 800_000, [one.id, other.id])]), ['applied'])
  const [settled] = await world.read(caseId)
  assert.equal(settled?.fields.find(({ field }) => field === 'grams')?.heads.length, 1)
})

test('what is signed is what was on the screen; a later word stands beside it, a second sign too', async () => {
  const caseId = await world.makeCase()
  const to = writer(caseId)
  const ops = filled(to, 122)
  const all = [...ops, ...signatures(to, ops)]
  await world.sync(all)
  const foreign = set(
    to,
    'residue',
    'positive',
    ops.filter((op) => op.kind === 'set' && op.field === 'residue').map(({ id }) => id),
  )
  assert.deepEqual(await outcomes([foreign]), ['applied'])
  assert.deepEqual(await outcomes([sign(to, all)]), ['applied'])
  assert.deepEqual(await outcomes([sign(to, all)]), ['conflict'])
  assert.deepEqual(await outcomes([set(to, 'note', '晚到的')]), ['conflict'])
  const [inspection] = await world.read(caseId)
  assert.equal(inspection?.signed?.values.residue, 'negative')
  assert.equal(inspection?.fields.find(({ field }) => field === 'residue')?.heads[0]?.value, 'positive')
  const { db } = world.site.app.platform
  await assert.rejects(
    db.query(`update inspections set grade = 'special', grams = 1 where id = $1`, [to.id]),
    /is signed/,
  )
  await assert.rejects(db.query('delete from inspections where id = $1', [to.id]), /is signed/)
  await assert.rejects(
    db.query('update inspection_ops set value = null where inspection_id = $1', [to.id]),
    /append-only/,
  )
})

test('a sign without its signatures, or under other values, is refused and says what is missing', async () => {
  const to = writer(await world.makeCase())
  const ops = filled(to, 122)
  const late = set(to, 'grams', 890_000, [ops[0]?.id ?? ''])
  const under = [...ops, ...signatures(to, ops), late]
  const answer = await world.sync([...under, sign(to, under)])
  assert.equal(answer.results.at(-1)?.code, 'inspections.sign_incomplete')
  assert.match(answer.results.at(-1)?.en ?? '', /signature_inspector, signature_farmer/)
})

test('a sign that comes before what it names waits for it', async () => {
  const caseId = await world.makeCase()
  const ops = whole(writer(caseId), 112)
  const last = ops.at(-1)
  assert.ok(last)
  assert.deepEqual(await outcomes([last]), ['waiting'])
  await world.sync(ops.slice(0, -1))
  const [inspection] = await world.read(caseId)
  assert.equal(inspection?.signed?.grade, 'first')
  assert.deepEqual(await outcomes([last]), ['again applied'])
})

test('a case that went on by itself is not moved; a person decides', async () => {
  const caseId = await world.makeCase('expired')
  const to = writer(caseId)
  await world.sync(whole(to, 122))
  const [inspection] = await world.read(caseId)
  assert.equal(inspection?.effect, 'stale')
  assert.equal(inspection?.caseStage, 'expired')
  const url = `/api/inspections/${to.id}/effect`
  const apply = await world.site.ask({ method: 'POST', url, as: world.inspector, body: { choice: 'apply' } })
  assert.equal(apply.json.code, 'inspections.case_went_on')
  const leave = await world.site.ask({ method: 'POST', url, as: world.inspector, body: { choice: 'leave' } })
  assert.equal(leave.json.effect, 'left')
})

test('one wrong operation holds up none of the others', async () => {
  const caseId = await world.makeCase()
  const to = writer(caseId)
  const good = set(to, 'grams', 1000)
  const answer = await world.sync([
    set(to, 'sugar/99', 120),
    set(to, 'grams', -1),
    good,
    { ...set(to, 'batch', 'A'), caseId: caseId + 999 },
    set(writer(999_999_999), 'grams', 1000),
  ])
  assert.deepEqual(
    answer.results.map(({ code }) => code),
    ['inspections.field_unknown', 'inspections.value_invalid', null, 'inspections.other_case', 'relief.case_not_found'],
  )
  const reused = await world.sync([{ ...set(to, 'grams', 2000), id: good.id }])
  assert.equal(reused.results[0]?.code, 'inspections.op_differs')
  const elsewhere = await world.person('inspector', 430529)
  const foreign = await world.sync([set(writer(caseId), 'grams', 1000)], elsewhere)
  assert.equal(foreign.results[0]?.code, 'identity.not_allowed')
})

test('any order, doubling and cutting of what two devices send ends alike, with every operation accounted for', async () => {
  // Two devices that saw the same beginning; each goes on by itself, and one of them signs.
  const make = (caseId: number) => {
    const to = writer(caseId)
    const ops = filled(to, 122)
    const all = [...ops, ...signatures(to, ops)]
    const first = ops[0]?.id ?? ''
    const a = [...all, sign(to, all)]
    const b1 = set(to, 'grams', 850_000, [first])
    const b2 = set(to, 'grams', 860_000, [b1.id])
    return { to, ops: [...a, b1, b2, set(to, 'note', '第二台'), set(to, 'sugar/1', 118)] }
  }
  const reference = make(await world.makeCase())
  await world.sync(reference.ops)
  // What an inspection says, with the operations named by their place and not by their id.
  const said = async (made: ReturnType<typeof make>) => {
    const place = new Map(made.ops.map(({ id }, at) => [id, at]))
    const [inspection] = await world.read(made.to.caseId)
    return {
      state: inspection?.state,
      grade: inspection?.signed?.grade,
      fields: (inspection?.fields ?? [])
        .map(({ field, heads }) => [field.replace(/^photo\/.*/, 'photo'), heads.map(({ op }) => place.get(op)).sort()])
        .sort(),
    }
  }
  const expected = await said(reference)
  assert.equal(expected.state, 'signed')
  // More people than one, because each may send so often in a minute.
  const people: number[] = []
  for (let n = 0; n < 4; n++) people.push(await world.person('inspector'))
  let calls = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 10_000 }), { minLength: 60, maxLength: 60 }),
      fc.integer({ min: 3, max: 30 }),
      async (order, size) => {
        const made = make(await world.makeCase())
        const twice = [...made.ops, ...made.ops.slice(0, 20)]
        const mixed = twice
          .map((op, at) => ({ op, key: order[at % order.length] ?? 0 }))
          .sort((x, y) => x.key - y.key)
          .map(({ op }) => op)
        for (let at = 0; at < mixed.length; at += size) {
          const { results } = await world.sync(mixed.slice(at, at + size), people[calls++ % people.length])
          assert.equal(results.length, mixed.slice(at, at + size).length)
          assert.ok(results.every(({ outcome }) => outcome !== 'refused'))
        }
        assert.deepEqual(await said(made), expected)
        const kept = await world.site.app.platform.db.query<{ n: number }>(
          `select count(*) as n from inspection_ops where inspection_id = $1 and outcome in ('applied', 'conflict')`,
          [made.to.id],
        )
        assert.equal(kept[0]?.n, made.ops.length)
      },
    ),
    { numRuns: 25 },
  )
})

test('a signed correction takes the place of what it puts right on the shelf; one that fails takes the goods off sale', async () => {
  const { db } = world.site.app.platform
  const { catalogue, inspections, shops } = world.site.app.slices
  const caseId = await world.makeCase()
  const first = writer(caseId)
  await world.sync(whole(first, 122))
  const shopId = await shops.open({ countyCode: 530823, nameZh: '锦屏合作社' })
  const seller = await world.site.person()
  const { lotId, skuIds, tell } = await db.transaction((tx) => catalogue.listLot(tx, shopId, ORANGES, seller))
  tell()
  ;(await db.transaction((tx) => inspections.proveLot(tx, { shopId, lotId }, first.id)))()
  const shelf = async () => {
    const { json } = await world.site.ask({ url: `/api/skus?ids=${skuIds.join()}` })
    const [card] = (json as unknown as { items: { status: string }[] }).items
    const [lot] = await db.query<{ grade: string; certificate: string | null }>(
      'select grade, certificate from lots where shop_id = $1 and id = $2',
      [shopId, lotId],
    )
    return { ...lot, status: card?.status }
  }
  const before = await shelf()
  assert.deepEqual([before?.grade, before?.status], ['special', 'on_sale'])

  const better = writer(caseId, first.id)
  await world.sync(whole(better, 112))
  const corrected = await shelf()
  assert.deepEqual([corrected.grade, corrected.status], ['first', 'on_sale'])
  assert.notEqual(corrected.certificate, before.certificate)

  await world.sync(whole(writer(caseId, better.id), 112, 'positive'))
  const failed = await shelf()
  assert.deepEqual([failed.grade, failed.certificate, failed.status], ['ungraded', null, 'off'])
})

test('a photo is stored once under its id, and nothing else can take its place', async () => {
  const id = randomUUID()
  const picture = async (hue: number) =>
    sharp({ create: { width: 200, height: 200, channels: 3, background: { r: hue, g: 90, b: 40 } } })
      .jpeg()
      .toBuffer()
  const put = (bytes: Buffer, as = id) =>
    world.site.ask({
      method: 'PUT',
      url: `/api/inspections/photos/${as}`,
      as: world.inspector,
      body: bytes,
      headers: { 'content-type': 'image/jpeg' },
    })
  const first = await put(await picture(10))
  assert.equal(first.status, 200)
  assert.equal(first.json.replayed, false)
  const [again, same] = await Promise.all([put(await picture(10)), put(await picture(10))])
  assert.deepEqual([again.json.replayed, same.json.replayed], [true, true])
  assert.equal((await put(await picture(200))).json.code, 'inspections.photo_differs')
  assert.equal((await put(Buffer.from('no picture'), randomUUID())).json.code, 'catalogue.picture_format')
})
