import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { PRODUCE_FAMILIES } from '@chunbo/contract'
import { familyOf, listProduce, loadProduce, PRODUCE_CSV } from './produce.ts'
import { createWorld, type World } from './testing/world.ts'

let world: World
before(async () => {
  world = await createWorld()
})
after(() => world.close())

test('every row of the file is in the table with a family that has a picture', async () => {
  const rows = (await readFile(PRODUCE_CSV, 'utf8')).trim().split('\n').length - 1
  const produce = await listProduce(world.db)
  assert.equal(produce.length, rows)
  for (const { family, slug } of produce) assert.ok(PRODUCE_FAMILIES.includes(family), slug)
  const dangshen = produce.find(({ slug }) => slug === 'dangshen')
  assert.deepEqual([dangshen?.family, dangshen?.nameZh], ['herb', '潞党参'])
})

test('kilograms of the file are grams in the table', async () => {
  const strawberry = (await listProduce(world.db)).find(({ slug }) => slug === 'strawberry')
  assert.equal(strawberry?.netGTypical, 1500)
})

test('loading again changes nothing; a new file changes what differs and takes nothing away', async (context) => {
  assert.equal(await loadProduce(world.db), 0)
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-produce-'))
  context.after(() => rm(folder, { recursive: true }))
  const [header] = (await readFile(PRODUCE_CSV, 'utf8')).split('\n')
  const csv = join(folder, 'produce.csv')
  await writeFile(csv, `${header}\npea-pod,豌豆荚,"pea, in ""pod""",vegetable/pod,1,2,EST,0,7,10,AGM,袋,2.5,12-4,\n`)
  assert.equal(await loadProduce(world.db, csv), 1)
  const pea = (await listProduce(world.db)).find(({ slug }) => slug === 'pea-pod')
  assert.deepEqual([pea?.nameZh, pea?.nameEn], ['豌豆荚', 'pea, in "pod"'])
})

test('a category without a picture is a fault of the file', () => {
  assert.equal(familyOf('fruit/citrus'), 'citrus')
  assert.equal(familyOf('nut'), 'nut')
  assert.throws(() => familyOf('fruit/unheard-of'), /no picture family/)
})
