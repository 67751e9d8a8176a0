import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { SkuEdit } from '@chunbo/contract'
import { one } from '../platform/database.ts'
import { createLot } from './create-lot.ts'
import { createSku } from './create-sku.ts'
import { editLot } from './edit-lot.ts'
import { editSku } from './edit-sku.ts'
import { AT, createWorld, lotOf, skuOf, type World } from './testing/world.ts'

let world: World
before(async () => {
  world = await createWorld()
})
after(() => world.close())

const EDITOR = 7

const edit = (sku: { shopId: number; skuId: number }, change: SkuEdit) => editSku(world.db, sku, change, EDITOR, AT)

async function readListing(skuId: number, version: number): Promise<Record<string, unknown>> {
  const rows = await world.db.query<{ listing: Record<string, unknown> }>(
    'select listing from sku_versions where sku_id = $1 and version = $2',
    [skuId, version],
  )
  return one(rows).listing
}

async function readVersions(skuId: number): Promise<number[]> {
  const rows = await world.db.query<{ version: number }>(
    'select version from sku_versions where sku_id = $1 order by version',
    [skuId],
  )
  return rows.map(({ version }) => version)
}

async function addPicture(owner: number): Promise<string> {
  const id = randomUUID()
  await world.db.query('insert into pictures (id, owner_user_id, width, height) values ($1, $2, 1600, 1200)', [
    id,
    owner,
  ])
  return id
}

test('the first version holds the whole listing with origin, produce and pictures', async () => {
  const shopId = await world.addShop()
  const lotId = await createLot(world.db, shopId, lotOf(10_000), AT)
  const pictureIds = [await addPicture(EDITOR), await addPicture(EDITOR)]
  const skuId = await createSku(world.db, shopId, skuOf(lotId, { pictureIds }), EDITOR, AT)
  assert.deepEqual(await readListing(skuId, 1), {
    shopId,
    skuId,
    version: 1,
    status: 'draft',
    titleZh: '景东甜豌豆',
    titleEn: 'Jingdong peas',
    packZh: '500 克装',
    packEn: '500 g bag',
    storyZh: '清早现摘',
    storyEn: 'Picked at dawn',
    netG: 500,
    priceFen: 990,
    buyerLimit: 100,
    family: 'pod',
    picture: { id: pictureIds[0], width: 1600, height: 1200 },
    pictures: pictureIds.map((id) => ({ id, width: 1600, height: 1200 })),
    lot: {
      id: lotId,
      grade: 'first',
      harvestFrom: '2026-03-01',
      harvestTo: '2026-04-15',
      countyCode: 530823,
      township: '锦屏镇',
      village: '新民村',
      farm: '',
      produce: { slug: 'pea-pod', nameZh: '豌豆', nameEn: 'green pea in pod', category: 'vegetable/pod' },
    },
  })
})

test('an edit keeps the old listing and moves the hot row together with the SKU', async () => {
  const { shopId, skuId } = await world.addSku(10_000)
  await edit({ shopId, skuId }, { version: 2, priceFen: 880, titleZh: '景东头茬豌豆' })
  assert.equal((await readListing(skuId, 2)).priceFen, 990)
  const now = await readListing(skuId, 3)
  assert.deepEqual([now.priceFen, now.titleZh, now.titleEn], [880, '景东头茬豌豆', 'Jingdong peas'])
  const rows = await world.db.query(
    `select k.version, t.version as stock_version, t.price_fen, t.on_sale, k.status from skus k
     join sku_stock t on t.sku_id = k.id where k.id = $1`,
    [skuId],
  )
  assert.deepEqual(one(rows), { version: 3, stock_version: 3, price_fen: 880, on_sale: true, status: 'on_sale' })
})

test('of edits that read the same version one is made and the others are told', async () => {
  const { shopId, skuId } = await world.addSku(10_000)
  const results = await Promise.allSettled(
    [700, 800, 900, 1000].map((priceFen) => edit({ shopId, skuId }, { version: 2, priceFen })),
  )
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
  assert.deepEqual(refused, Array(3).fill('catalogue.changed_meanwhile'))
  assert.deepEqual(await readVersions(skuId), [1, 2, 3])
})

test('what a lot shows is part of every listing; its grams are not', async () => {
  const { shopId, skuId, lotId } = await world.addSku(10_000)
  const second = await createSku(world.db, shopId, skuOf(lotId), EDITOR, AT)
  const changed = await editLot(world.db, { shopId, lotId }, lotOf(20_000), AT)
  assert.deepEqual(changed, [])
  const moved = await editLot(world.db, { shopId, lotId }, lotOf(20_000, { village: '文龙村', version: 2 }), AT)
  assert.deepEqual(moved.sort(), [skuId, second].sort())
  assert.equal(((await readListing(skuId, 3)).lot as { village: string }).village, '文龙村')
  assert.deepEqual(await readVersions(second), [1, 2])
  await assert.rejects(editLot(world.db, { shopId, lotId }, lotOf(20_000, { version: 2 }), AT), {
    code: 'catalogue.changed_meanwhile',
  })
})

test('edits of a lot and of its SKUs at the same time leave one history without gaps', async () => {
  const { shopId, skuId, lotId } = await world.addSku(10_000)
  const villages = Array.from({ length: 8 }, (_, index) => `${index} 村`)
  const tryPrice = async (priceFen: number) => {
    const rows = await world.db.query<{ version: number }>('select version from skus where id = $1', [skuId])
    return edit({ shopId, skuId }, { version: one(rows).version, priceFen })
  }
  await Promise.allSettled([
    ...villages.map((village) => editLot(world.db, { shopId, lotId }, lotOf(10_000, { village }), AT)),
    ...villages.map((_, index) => tryPrice(500 + index)),
  ])
  const versions = await readVersions(skuId)
  assert.deepEqual(
    versions,
    versions.map((_, index) => index + 1),
  )
  const rows = await world.db.query('select listing from sku_listings where sku_id = $1', [skuId])
  assert.deepEqual(one(rows), { listing: await readListing(skuId, versions.length) })
})

test('net grams, county and produce stay once a SKU has been on sale', async () => {
  const { shopId, skuId, lotId } = await world.addSku(10_000, { stock: 2 })
  await assert.rejects(edit({ shopId, skuId }, { version: 2, netG: 250 }), { code: 'catalogue.net_fixed' })
  await edit({ shopId, skuId }, { version: 2, status: 'off', netG: 500 })
  await assert.rejects(edit({ shopId, skuId }, { version: 3, netG: 250 }), { code: 'catalogue.net_fixed' })
  for (const other of [{ countyCode: 530825 }, { produceSlug: 'snow-pea' }]) {
    await assert.rejects(editLot(world.db, { shopId, lotId }, lotOf(10_000, other), AT), {
      code: 'catalogue.lot_origin_fixed',
    })
  }
})

test('a draft takes other grams from its lot when its net grams change', async () => {
  const shopId = await world.addShop()
  const lotId = await createLot(world.db, shopId, lotOf(10_000), AT)
  const skuId = await createSku(world.db, shopId, skuOf(lotId, { netG: 500, stock: 10 }), EDITOR, AT)
  await edit({ shopId, skuId }, { version: 1, netG: 1000 })
  const lots = await world.db.query('select allocated_g from lots where id = $1', [lotId])
  assert.deepEqual(one(lots), { allocated_g: 10_000 })
  await assert.rejects(edit({ shopId, skuId }, { version: 2, netG: 1001 }), {
    code: 'catalogue.lot_grams_exceeded',
    params: { freeG: 0 },
  })
  await assert.rejects(edit({ shopId, skuId }, { version: 2, status: 'off' }), { code: 'catalogue.not_published' })
})

test('only own pictures, or those the shop shows already, can be put on a SKU', async () => {
  const { shopId, skuId } = await world.addSku(10_000)
  const foreign = await addPicture(99)
  const mine = await addPicture(EDITOR)
  for (const pictureIds of [[foreign], [randomUUID()], [mine, foreign]]) {
    await assert.rejects(edit({ shopId, skuId }, { version: 2, pictureIds }), { code: 'catalogue.picture_unknown' })
  }
  await edit({ shopId, skuId }, { version: 2, pictureIds: [mine] })
  // A colleague reorders what is there and adds an own one.
  const colleagues = await addPicture(8)
  await editSku(world.db, { shopId, skuId }, { version: 3, pictureIds: [colleagues, mine] }, 8, AT)
  const { pictures } = await readListing(skuId, 4)
  assert.deepEqual(
    (pictures as { id: string }[]).map(({ id }) => id),
    [colleagues, mine],
  )
})

test('a real day is needed for the harvest, and a real produce', async () => {
  const shopId = await world.addShop()
  for (const window of [{ harvestFrom: '2026-02-30' }, { harvestTo: '2026-02-01' }, { harvestTo: '2028-01-01' }]) {
    await assert.rejects(createLot(world.db, shopId, lotOf(1, window), AT), { code: 'catalogue.harvest_window' })
  }
  await assert.rejects(createLot(world.db, shopId, lotOf(1, { produceSlug: 'unicorn' }), AT), {
    code: 'catalogue.produce_unknown',
  })
})

test('the history of listings cannot be rewritten', async () => {
  const { skuId } = await world.addSku(10_000)
  await assert.rejects(world.db.query('update sku_versions set version = 9 where sku_id = $1', [skuId]), /append-only/)
  await assert.rejects(world.db.query('delete from sku_versions where sku_id = $1', [skuId]), /append-only/)
})
