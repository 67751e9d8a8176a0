import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type App, composeApp } from '../compose.ts'
import { readConfig } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import { createTestDatabase, type TestDatabase } from '../platform/testing/test-database.ts'
import { loadCountyFacts } from './index.ts'

let database: TestDatabase
let app: App
before(async () => {
  database = await createTestDatabase()
  const config = readConfig({ PORT: '0', RTMP_PORT: '0', AUTH_SECRET: 'x'.repeat(32), DATA_DIR: '/nonexistent' })
  app = await composeApp({ config, databaseUrl: database.url, log: createLog('silent'), runJobs: false })
})
after(async () => {
  await app.close()
  await database.close()
})

const get = async (url: string) => (await app.platform.app.inject(url)).json()
const names = (items: { name: string }[]) => items.map((item) => item.name)

test('the register has the official totals by year, and every code in it has a name', async () => {
  const totals = await app.platform.db.query(
    'select year_lifted as year, count(*)::int as n from listed_counties group by 1 order by 1',
  )
  assert.deepEqual(totals, [
    { year: 2016, n: 28 },
    { year: 2017, n: 125 },
    { year: 2018, n: 283 },
    { year: 2019, n: 344 },
    { year: 2020, n: 52 },
  ])
  const nameless = await app.platform.db.query(
    'select key from listed_counties l left join places p on p.code = l.division_code where p.code is null',
  )
  assert.deepEqual(nameless, [{ key: '冷湖行委' }])
})

test('loading again loads nothing; a changed row comes back when the hash is not the file’s', async () => {
  const { db } = app.platform
  assert.deepEqual(await loadCountyFacts(db), [])
  await db.query(`update listed_counties set year_lifted = 2016 where division_code = 530823`)
  await db.query(`insert into listed_counties (key, name, parent_code, year_lifted) values ('x', '无', 530800, 2019)`)
  await db.query(`update county_facts_loaded set hash = 'older' where file = 'listed-counties.csv'`)
  const startedMs = performance.now()
  const loaded = await Promise.all([loadCountyFacts(db), loadCountyFacts(db)])
  assert.ok(performance.now() - startedMs < 1000)
  assert.deepEqual(loaded.flat(), ['listed-counties.csv'])
  assert.equal((await get('/api/counties/530823')).yearLifted, 2019)
  assert.deepEqual(await db.query(`select key from listed_counties where key = 'x'`), [])
})

test('a county says where it lies, whether it was listed, and how it stood on a day', async () => {
  assert.deepEqual(await get('/api/counties/430529?on=2020-03-15'), {
    code: 430529,
    place: { code: 430529, province: '湖南省', prefecture: '邵阳市', county: '城步苗族自治县' },
    name: '城步苗族自治县',
    listed: true,
    yearLifted: 2019,
    status: 'just_lifted',
    statusOn: '2020-03-15',
    statusCertain: true,
    liftAnnounced: { firstDay: '2020-03-02', lastDay: '2020-03-02' },
  })
  const statuses = { 530823: 'listed', 532625: 'listed', 140425: 'just_lifted', 110105: 'never_listed' }
  for (const [code, status] of Object.entries(statuses))
    assert.equal((await get(`/api/counties/${code}?on=2020-03-15`)).status, status, code)
  assert.equal((await get('/api/counties/530823')).status, 'lifted')
})

test('codes of provinces, prefectures and nothing are no counties, and a wrong day is refused', async () => {
  for (const code of [530000, 530800, 999999])
    assert.equal((await get(`/api/counties/${code}`)).code, 'counties.unknown')
  for (const path of ['12', 'x', '530823?on=2020-13-01', '530823?on=yesterday'])
    assert.equal((await get(`/api/counties/${path}`)).code, 'request.invalid', path)
})

test('listed counties come in pages, each once, and the one without a code is among them', async () => {
  const items: { code: number | null; name: string }[] = []
  let next: string | null = ''
  while (next !== null) {
    const page = await get(`/api/counties?listed=1&limit=100${next && `&cursor=${encodeURIComponent(next)}`}`)
    items.push(...page.items)
    next = page.next
  }
  assert.equal(items.length, 832)
  assert.equal(new Set(items.map((item) => item.code ?? item.name)).size, 832)
  assert.deepEqual(names(items.filter((item) => item.code === null)), ['冷湖行委'])
})

test('counties are found by a part of their name and by province; what means something in LIKE is plain text', async () => {
  assert.deepEqual(names((await get(`/api/counties?q=${encodeURIComponent('景东')}`)).items), ['景东彝族自治县'])
  const inYunnan = (await get('/api/counties?listed=1&province=530000&limit=100')).items
  assert.equal(inYunnan.length, 88)
  assert.deepEqual((await get('/api/counties?q=%25')).items, [])
  assert.equal((await get('/api/counties?listed=0&limit=1')).items[0].listed, false)
})

test('divisions lead from the provinces to the counties, also where a prefecture is missing', async () => {
  const provinces = await get('/api/divisions')
  assert.equal(provinces.length, 34)
  assert.ok(provinces.every((division: { level: string }) => division.level === 'province'))
  assert.ok(names(await get('/api/divisions?parent=530800')).includes('景东彝族自治县'))
  assert.deepEqual(await get('/api/divisions?parent=999999'), [])
  const guangdong = await get('/api/divisions?parent=440000')
  assert.ok(guangdong.every((division: { level: string }) => division.level === 'prefecture'))
  assert.deepEqual(await get('/api/divisions?parent=441900'), [
    { code: 441900, level: 'county', name: '东莞市', parent: 441900 },
  ])
  assert.deepEqual((await get('/api/counties/500235')).place, {
    code: 500235,
    province: '重庆市',
    prefecture: '',
    county: '云阳县',
  })
})
