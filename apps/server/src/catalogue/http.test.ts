import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { createSite, type Site } from '../platform/testing/site.ts'
import { JINGDONG, lotOf, skuOf } from './testing/world.ts'

let site: Site
let operator: number
let commissioner: number
let shopId: number
let farmer: number

before(async () => {
  site = await createSite()
  operator = await site.person({ role: 'operator' })
  commissioner = await site.person({ role: 'commissioner', countyCode: JINGDONG })
  const shop = await site.ask({
    method: 'POST',
    url: '/api/shops',
    as: commissioner,
    body: { countyCode: JINGDONG, nameZh: '景东合作社', nameEn: 'Jingdong cooperative' },
  })
  assert.equal(shop.status, 201)
  shopId = Number(shop.json.id)
  farmer = await site.person({ role: 'shop', shopId })
})
after(() => site.close())

const addLot = async (grams = 100_000) => {
  const lot = await site.ask({ method: 'POST', url: `/api/shops/${shopId}/lots`, as: farmer, body: lotOf(grams) })
  assert.equal(lot.status, 201)
  return Number(lot.json.id)
}

const addSku = async (more = {}) => {
  const body = skuOf(await addLot(), { stock: 10, ...more })
  const sku = await site.ask({ method: 'POST', url: `/api/shops/${shopId}/skus`, as: farmer, body })
  assert.equal(sku.status, 201)
  return Number(sku.json.skuId)
}

const change = (skuId: number, body: object, as = farmer) =>
  site.ask({ method: 'PATCH', url: `/api/shops/${shopId}/skus/${skuId}`, as, body })

const publish = async (more = {}) => {
  const skuId = await addSku(more)
  assert.equal((await change(skuId, { version: 1, status: 'on_sale' })).status, 200)
  return skuId
}

async function upload(as: number, bytes: Buffer, type = 'image/png', field = 'file') {
  const form = new FormData()
  form.set(field, new File([new Uint8Array(bytes)], 'peas.png', { type }))
  const request = new Request('http://localhost/', { method: 'POST', body: form })
  return site.ask({
    method: 'POST',
    url: '/api/pictures',
    as,
    body: Buffer.from(await request.arrayBuffer()),
    headers: { 'content-type': request.headers.get('content-type') ?? '' },
  })
}

test('a commissioner opens shops in the own county only, an operator anywhere, others nowhere', async () => {
  const open = (as: number | undefined, countyCode: number) =>
    site.ask({
      method: 'POST',
      url: '/api/shops',
      ...(as === undefined ? {} : { as }),
      body: { countyCode, nameZh: '店' },
    })
  assert.equal((await open(commissioner, 530825)).json.code, 'identity.not_allowed')
  assert.equal((await open(operator, 530825)).status, 201)
  assert.equal((await open(operator, 530800)).json.code, 'shops.county_unknown')
  assert.equal((await open(farmer, JINGDONG)).json.code, 'identity.not_allowed')
  assert.equal((await open(undefined, JINGDONG)).json.code, 'identity.sign_in_needed')
})

test('the commissioner who opened a shop works in it, and a shop is found by its county', async () => {
  const mine = await site.ask({ url: '/api/my/shops', as: commissioner })
  assert.deepEqual(
    (mine.json.items as { id: number }[]).map(({ id }) => id),
    [shopId],
  )
  const inCounty = await site.ask({ url: `/api/shops?county=${JINGDONG}` })
  assert.deepEqual((inCounty.json.items as { county: unknown }[])[0]?.county, {
    code: JINGDONG,
    province: '云南省',
    prefecture: '普洱市',
    county: '景东彝族自治县',
  })
  assert.equal((await site.ask({ url: '/api/shops/999999' })).json.code, 'shops.not_found')
})

test('staff of another shop, buyers and strangers are refused at every door of the studio', async () => {
  const skuId = await addSku()
  const neighbour = await site.person({ role: 'shop', shopId: shopId + 1 })
  const doors = [
    { method: 'GET', url: `/api/shops/${shopId}/lots` },
    { method: 'POST', url: `/api/shops/${shopId}/lots`, body: lotOf(1) },
    { method: 'GET', url: `/api/shops/${shopId}/skus` },
    { method: 'PATCH', url: `/api/shops/${shopId}/skus/${skuId}`, body: { version: 1, priceFen: 1 } },
    { method: 'POST', url: `/api/shops/${shopId}/skus/${skuId}/stock`, body: { delta: 5 } },
    { method: 'PATCH', url: `/api/shops/${shopId}`, body: { nameZh: '夺' } },
  ] as const
  for (const door of doors) {
    assert.equal((await site.ask({ ...door, as: neighbour })).json.code, 'identity.not_allowed', door.url)
    assert.equal((await site.ask(door)).status, 401, door.url)
  }
  // Through the own shop's door a foreign SKU is not there.
  const through = await site.ask({
    method: 'POST',
    url: `/api/shops/${shopId + 1}/skus/${skuId}/stock`,
    as: neighbour,
    body: { delta: 5 },
  })
  assert.equal(through.json.code, 'catalogue.sku_not_found')
})

test('a draft is seen by its shop alone; once published everybody sees it with prices by weight', async () => {
  const skuId = await addSku({ netG: 2500, priceFen: 3990 })
  assert.equal((await site.ask({ url: `/api/skus/${skuId}` })).json.code, 'catalogue.sku_not_found')
  assert.deepEqual((await site.ask({ url: `/api/skus?ids=${skuId}` })).json, { items: [], next: null })
  await change(skuId, { version: 1, status: 'on_sale' })
  const { json } = await site.ask({ url: `/api/skus/${skuId}` })
  assert.deepEqual(
    [json.priceFen, json.perJinFen, json.perKgFen, json.stock, json.status, json.family],
    [3990, 798, 1596, 10, 'on_sale', 'pod'],
  )
  const { lot, shop } = json as { lot: { village: string; produce: { nameZh: string } }; shop: { nameZh: string } }
  assert.deepEqual([lot.village, lot.produce.nameZh, shop.nameZh], ['新民村', '豌豆', '景东合作社'])
  assert.equal((await site.ask({ url: `/api/skus?ids=${skuId}` })).json.next, null)
})

test('the list on sale is paged without gaps or doubles, newest first, and cursors are checked', async () => {
  const made: number[] = []
  for (let index = 0; index < 5; index++) made.push(await publish())
  for (const sort of ['new', 'sold']) {
    const seen: number[] = []
    let cursor = ''
    do {
      const { json } = await site.ask({
        url: `/api/skus?sort=${sort}&shop=${shopId}&county=${JINGDONG}&limit=2${cursor}`,
      })
      seen.push(...(json.items as { skuId: number }[]).map(({ skuId }) => skuId))
      cursor = json.next ? `&cursor=${json.next}` : ''
    } while (cursor)
    assert.equal(new Set(seen).size, seen.length)
    assert.deepEqual(seen.slice(0, 5), made.toReversed())
  }
  const { json } = await site.ask({ url: '/api/skus?sort=new&limit=1' })
  for (const bad of ['x', 'bmV3fDIwMjZ8MQ', String(json.next).slice(0, 9)]) {
    assert.equal((await site.ask({ url: `/api/skus?cursor=${bad}` })).json.code, 'catalogue.cursor_invalid')
  }
  assert.equal(
    (await site.ask({ url: `/api/skus?sort=sold&cursor=${json.next}` })).json.code,
    'catalogue.cursor_invalid',
  )
  assert.deepEqual((await site.ask({ url: '/api/skus?county=530825' })).json.items, [])
})

test('closing a shop takes its goods off sale at once; open again they wait for their people', async () => {
  const opened = await site.ask({
    method: 'POST',
    url: '/api/shops',
    as: operator,
    body: { countyCode: JINGDONG, nameZh: '二店' },
  })
  const second = Number(opened.json.id)
  const lotId = await site.app.slices.catalogue.createLot(second, lotOf(1000))
  const skuId = await site.app.slices.catalogue.createSku(second, skuOf(lotId, { stock: 1 }), operator)
  await site.app.slices.catalogue.editSku(second, skuId, { version: 1, status: 'on_sale' }, operator)
  const heard: number[] = []
  site.app.slices.catalogue.onSkuChange(({ skuIds }) => heard.push(...skuIds))
  const set = (status: string) =>
    site.ask({ method: 'PATCH', url: `/api/shops/${second}`, as: operator, body: { status } })
  assert.equal((await set('closed')).json.status, 'closed')
  assert.deepEqual(heard, [skuId])
  const stock = await site.app.platform.db.query('select on_sale, version from sku_stock where sku_id = $1', [skuId])
  assert.deepEqual(stock, [{ on_sale: false, version: 3 }])
  const republish = () =>
    site.ask({
      method: 'PATCH',
      url: `/api/shops/${second}/skus/${skuId}`,
      as: operator,
      body: { version: 3, status: 'on_sale' },
    })
  assert.equal((await republish()).json.code, 'catalogue.shop_closed')
  await set('open')
  assert.equal((await republish()).json.status, 'on_sale')
})

test('an uploaded picture is served in three widths to be kept for good, and shown by the product', async () => {
  const photo = await sharp({ create: { width: 1000, height: 800, channels: 3, background: 'green' } })
    .png()
    .toBuffer()
  const stored = await upload(farmer, photo)
  assert.equal(stored.status, 201)
  const { id } = stored.json
  const skuId = await addSku({ pictureIds: [id] })
  const listed = await site.ask({ url: `/api/shops/${shopId}/skus`, as: farmer })
  const shown = (listed.json.items as { skuId: number; picture: unknown }[]).find((sku) => sku.skuId === skuId)
  assert.deepEqual(shown?.picture, { id, width: 1000, height: 800 })
  for (const [width, real] of [
    [400, 400],
    [800, 800],
    [1600, 1000],
  ]) {
    const url = `/api/pictures/${id}/${width}.webp`
    const sent = await site.ask({ url })
    assert.equal(sent.headers['content-type'], 'image/webp')
    assert.equal(sent.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal((await sharp(sent.bytes).metadata()).width, real)
    const again = await site.ask({ url, headers: { 'if-none-match': String(sent.headers.etag) } })
    assert.deepEqual([again.status, again.bytes.length], [304, 0])
    assert.equal((await site.ask({ method: 'HEAD', url })).headers['content-length'], String(sent.bytes.length))
  }
  for (const wrong of [
    `${id}/500.webp`,
    `${id}/400.png`,
    '00000000-0000-4000-8000-000000000000/400.webp',
    '..%2f..%2fx/400.webp',
  ]) {
    const missing = await site.ask({ url: `/api/pictures/${wrong}` })
    assert.deepEqual([missing.status, missing.json.code], [404, 'catalogue.picture_not_found'], wrong)
  }
})

test('an upload that is no picture, lies, is too large or nobody’s is refused with its code', async () => {
  const code = async (answer: ReturnType<typeof upload>) => {
    const { status, json } = await answer
    return [status, json.code]
  }
  const small = await sharp({ create: { width: 90, height: 90, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  assert.deepEqual(await code(upload(farmer, Buffer.from('<html>'))), [415, 'catalogue.picture_lies'])
  assert.deepEqual(await code(upload(farmer, small, 'image/jpeg')), [415, 'catalogue.picture_lies'])
  assert.deepEqual(await code(upload(farmer, Buffer.alloc(10 * 1024 * 1024 + 1))), [413, 'catalogue.picture_too_large'])
  assert.deepEqual(await code(upload(farmer, small, 'image/png', 'other')), [400, 'catalogue.picture_needed'])
  const json = site.ask({ method: 'POST', url: '/api/pictures', as: farmer, body: { file: 'x' } })
  assert.deepEqual(await code(json), [400, 'catalogue.picture_needed'])
  const buyer = await site.person()
  assert.deepEqual(await code(upload(buyer, small)), [403, 'identity.not_allowed'])
})

test('fields that are unknown, of the wrong kind or beyond a limit are named', async () => {
  const skuId = await addSku()
  for (const body of [
    { version: 1, price: 5 },
    { version: 1, priceFen: 0 },
    { version: 1, priceFen: '5' },
    { priceFen: 5 },
  ]) {
    const refused = await change(skuId, body)
    assert.deepEqual([refused.status, refused.json.code], [400, 'request.invalid'])
  }
  const stale = await change(skuId, { version: 7, priceFen: 5 })
  assert.deepEqual(
    [stale.status, stale.json.code, stale.json.params],
    [409, 'catalogue.changed_meanwhile', { version: 1 }],
  )
})

test('the pages of a product and of a shop carry their title and data', async () => {
  const skuId = await publish()
  const describe = async (path: string) => {
    for (const page of site.app.slices.catalogue.pages ?? []) {
      const match = page.path.exec(path)
      if (match) return page.describe(match, 'en')
    }
    return undefined
  }
  const product = await describe(`/goods/${skuId}`)
  assert.equal(product?.title, 'Jingdong peas')
  assert.match(product?.description ?? '', /^¥9\.90 · 500 g · /)
  assert.deepEqual(Object.keys(product?.data ?? {}), [`/api/skus/${skuId}`])
  const shop = await describe(`/shops/${shopId}`)
  assert.equal(shop?.title, 'Jingdong cooperative')
  // The data stands under the path by which it would be asked for, and is the same.
  for (const [url, data] of Object.entries(shop?.data ?? {})) {
    assert.deepEqual((await site.ask({ url })).json, JSON.parse(JSON.stringify(data)), url)
  }
  assert.deepEqual([await describe('/goods/99999999'), await describe('/shops/99999999')], [null, null])
})
