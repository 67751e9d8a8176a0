import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'
import { StartRefusal } from './start-refusal.ts'

test('an empty environment gives the demonstration on the fixed ports', () => {
  const config = readConfig({})
  assert.equal(config.port, 4870)
  assert.equal(config.rtmpPort, 1935)
  assert.equal(config.mediaPort, null)
  assert.equal(config.demo, true)
  assert.deepEqual([config.ingest.longPx, config.ingest.shortPx, config.ingest.keyDays], [1920, 1080, 30])
  assert.equal(config.databaseUrl, null)
  assert.equal(config.publicUrl, 'http://localhost:4870')
})

test('production turns the demonstration off unless it is asked for', () => {
  assert.equal(readConfig({ NODE_ENV: 'production' }).demo, false)
  assert.equal(readConfig({ NODE_ENV: 'production', DEMO: '1' }).demo, true)
})

for (const [name, value] of [
  ['PORT', '80x'],
  ['PORT', '70000'],
  ['RTMP_PORT', '-1'],
  ['MEDIA_PORT', 'open'],
  ['LADDER', 'yes'],
  ['SOCKET_VIEWERS_MAX', 'many'],
  ['DEMO', 'yes'],
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['PUBLIC_URL', 'chunbo.example'],
  ['AUTH_SECRET', 'short'],
  ['LOG_LEVEL', 'loud'],
  ['OPERATOR_EMAIL', 'nobody'],
  ['RECORDING_FREE_MB', '1.5'],
  ['STORAGE_S3_ENDPOINT', 'ftp://store.example'],
  ['INGEST_STREAMS_MAX', '0'],
  ['INGEST_KBPS_MAX', 'fast'],
  ['INGEST_PICTURE_MAX', '1080p'],
  ['SHOW_HOURS_MAX', '1.5'],
  ['STREAM_KEY_DAYS', '400'],
] as const) {
  test(`${name}=${value} is refused by name in both languages`, () => {
    assert.throws(
      () => readConfig({ [name]: value }),
      (error) => error instanceof StartRefusal && error.en.includes(name) && error.zh.includes(name),
    )
  })
}

const CLUSTER = {
  MEDIA_CLUSTER: 'srs',
  MEDIA_CLUSTER_SECRET: 's'.repeat(32),
  MEDIA_CLUSTER_PUBLISH_URL: 'rtmp://push.example.org/live/',
  MEDIA_CLUSTER_HLS_URL: 'https://cdn.example.org/live/{stream}.m3u8',
}

test('renditions are off unless asked for, and then few', () => {
  assert.equal(readConfig({ LADDERS_MAX: '8' }).ladders, 0)
  assert.equal(readConfig({ LADDER: '1' }).ladders, 1)
  assert.equal(readConfig({ LADDER: '1', LADDERS_MAX: '8' }).ladders, 8)
})

test('a media cluster is read as a whole, and there is none unless it is named', () => {
  const { mediaCluster } = readConfig({ ...CLUSTER, MEDIA_CLUSTER_SECRET: `${'n'.repeat(32)},${'o'.repeat(32)}` })
  assert.equal(mediaCluster?.publishUrl, 'rtmp://push.example.org/live')
  assert.deepEqual(mediaCluster?.secrets, ['n'.repeat(32), 'o'.repeat(32)])
  assert.equal(mediaCluster?.apiUrl, null)
  assert.equal(readConfig({ ...CLUSTER, MEDIA_CLUSTER: '' }).mediaCluster, null)
})

for (const [name, value] of [
  ['MEDIA_CLUSTER', 'wowza'],
  ['MEDIA_CLUSTER_SECRET', 'short'],
  ['MEDIA_CLUSTER_SECRET', ''],
  ['MEDIA_CLUSTER_PUBLISH_URL', 'push.example.org'],
  ['MEDIA_CLUSTER_HLS_URL', 'https://cdn.example.org/live.m3u8'],
  ['MEDIA_CLUSTER_API_URL', 'srs:1985'],
  ['MEDIA_CLUSTER_RECORDING_URL', 'https://vod.example.org/'],
] as const) {
  test(`${name}=${value} is refused by name and its value kept back`, () => {
    assert.throws(
      () => readConfig({ ...CLUSTER, [name]: value }),
      (error) => error instanceof StartRefusal && error.en.startsWith(`Environment variable ${name} `),
    )
  })
}

test('a refused database address does not show its password', () => {
  assert.throws(
    () => readConfig({ DATABASE_URL: 'mysql://user:secret@host/x' }),
    (error) => error instanceof StartRefusal && !error.en.includes('secret') && !error.zh.includes('secret'),
  )
})

test('a bucket needs all of its settings, and none of them is told in a refusal', () => {
  const whole = {
    STORAGE_S3_ENDPOINT: 'https://s3.example/',
    STORAGE_S3_BUCKET: 'harvest',
    STORAGE_S3_ACCESS_KEY: 'key-of-ours',
    STORAGE_S3_SECRET_KEY: 'secret-of-ours',
  }
  assert.deepEqual(readConfig(whole).storageS3, {
    endpoint: 'https://s3.example',
    bucket: 'harvest',
    region: 'us-east-1',
    accessKey: 'key-of-ours',
    secretKey: 'secret-of-ours',
  })
  assert.equal(readConfig({ ...whole, STORAGE_S3_REGION: 'cn-north-1' }).storageS3?.region, 'cn-north-1')
  for (const missing of Object.keys(whole)) {
    assert.throws(
      () => readConfig({ ...whole, [missing]: '' }),
      (error) => error instanceof StartRefusal && error.en.includes(missing) && !error.en.includes('of-ours'),
      missing,
    )
  }
})
