import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import type { RoomDesk } from '@chunbo/contract'
import { streamNameOf } from './cluster-stream.ts'
import { createLiveWorld, type LiveWorld } from './testing/live-world.ts'
import { countFrames, publish } from './testing/publisher.ts'
import { RoomViewer } from './testing/room-viewer.ts'

/**
 * Callbacks with the bodies that SRS (ossrs.io, HTTP callback and HTTP API, versions 4 to 6) and MediaMTX (mediamtx.org, Authentication,
 * Hooks and API; internal/auth/manager.go) send. Neither is a Debian or npm package, so what is tested is our side of their protocols.
 */

const SECRET = 'cluster-secret-that-is-new-0123456789'
const OLD_SECRET = 'cluster-secret-that-was-before-012345'
const SERVER_ID = 'vid-0xk989d'

/** Stands where the cluster's API does: a list that the test writes, and the kicks that came. */
interface ClusterApiStand {
  readonly url: string
  listed: unknown
  readonly kicks: string[]
  close(): void
}

async function standForApi(listed: unknown): Promise<ClusterApiStand> {
  const stand: { listed: unknown; kicks: string[] } = { listed, kicks: [] }
  const server = createServer((request, response) => {
    if (request.method !== 'GET') stand.kicks.push(`${request.method} ${request.url}`)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(request.method === 'GET' ? stand.listed : { code: 0 }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return Object.assign(stand, {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    close: () => server.close(),
  })
}

let srsApi: ClusterApiStand
let mtxApi: ClusterApiStand
let srs: LiveWorld
let mtx: LiveWorld

before(async () => {
  srsApi = await standForApi({ code: 0, server: SERVER_ID, service: '382k7891', pid: '14885', streams: [] })
  mtxApi = await standForApi({ itemCount: 0, pageCount: 0, items: [] })
  const shared = {
    MEDIA_CLUSTER_SECRET: `${SECRET},${OLD_SECRET}`,
    MEDIA_CLUSTER_PUBLISH_URL: 'rtmp://push.example.org/live',
    MEDIA_CLUSTER_HLS_URL: 'https://cdn.example.org/live/{stream}.m3u8',
    MEDIA_CLUSTER_RECORDING_URL: 'https://vod.example.org/dvr/{file}',
  }
  const crowded = { ...shared, SOCKET_VIEWERS_MAX: '0' }
  srs = await createLiveWorld({ ...crowded, MEDIA_CLUSTER: 'srs', MEDIA_CLUSTER_API_URL: srsApi.url })
  mtx = await createLiveWorld({ ...shared, MEDIA_CLUSTER: 'mediamtx', MEDIA_CLUSTER_API_URL: mtxApi.url })
})
after(async () => {
  await Promise.all([srs.close(), mtx.close()])
  srsApi.close()
  mtxApi.close()
})

async function post(world: LiveWorld, path: string, body: object | null, headers: Record<string, string> = {}) {
  const response = await fetch(`${world.httpUrl}${path}`, {
    method: 'POST',
    headers: body === null ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}

/** What OBS sends after the address: everything behind the `?` of the stream that the desk shows. */
const keyOf = ({ ingest }: RoomDesk) => ingest.streamKey.split('?key=')[1] ?? ''

function srsBody(action: string, roomId: number, clientId: string, more: object = {}) {
  const stream = streamNameOf(roomId)
  return {
    server_id: SERVER_ID,
    service_id: '382k7891',
    action,
    client_id: clientId,
    ip: '203.0.113.7',
    vhost: '__defaultVhost__',
    app: 'live',
    tcUrl: 'rtmp://push.example.org/live',
    stream,
    param: '',
    stream_url: `/live/${stream}`,
    stream_id: 'vid-124q9y3',
    ...more,
  }
}

const callSrs = (body: object, token = SECRET) => post(srs, `/api/media-cluster/srs?token=${token}`, body)
const publishSrs = (room: RoomDesk, clientId: string, key = keyOf(room)) =>
  callSrs(srsBody('on_publish', room.id, clientId, { param: `?key=${key}` }))
const unpublishSrs = (room: RoomDesk, clientId: string) => callSrs(srsBody('on_unpublish', room.id, clientId))

function mtxAuth(roomId: number, action: string, more: object = {}) {
  return {
    user: '',
    password: '',
    token: '',
    ip: '203.0.113.8',
    action,
    path: `live/${streamNameOf(roomId)}`,
    protocol: 'rtmp',
    id: 'e7076706-fdb7-4e7c-af6f-6803d9a9484d',
    query: '',
    ...more,
  }
}
const bearer = { authorization: `Bearer ${SECRET}` }
const askMtx = (body: object) => post(mtx, '/api/media-cluster/mediamtx/auth', body, bearer)
const hookMtx = (event: string, roomId: number, more: string) =>
  post(mtx, `/api/media-cluster/mediamtx/hook?event=${event}&path=live/${streamNameOf(roomId)}&${more}`, null, bearer)

test('SRS brings a room on air and off it again; a new publish outlives the end of the old one', async () => {
  const room = await srs.room()
  assert.equal(room.ingest.url, 'rtmp://push.example.org/live')
  assert.match(room.ingest.streamKey, new RegExp(`^room-${room.id}\\?key=[a-z0-9]{26}$`))
  const viewer = await new RoomViewer(`${srs.wsUrl}/api/rooms/${room.id}/socket`).whenView(() => true)
  assert.deepEqual(await publishSrs(room, '341w361a'), { status: 200, body: { code: 0 } })
  await viewer.whenView((view) => view.room.status === 'live')
  assert.equal((await publishSrs(room, '341w361a')).status, 200, 'told twice, it is the same publish')

  // OBS reconnects: its new connection is told of before the end of the old one.
  assert.equal((await publishSrs(room, '5v90a1zz')).status, 200)
  assert.equal((await unpublishSrs(room, '341w361a')).status, 200)
  assert.equal((await srs.desk('GET', `/api/rooms/${room.id}/desk`)).stream?.connected, true)
  await unpublishSrs(room, '5v90a1zz')
  await viewer.whenView((view) => view.room.status === 'paused')
  assert.deepEqual(
    viewer.messages.flatMap((message) =>
      message.t === 'tick' ? message.events.flatMap((event) => (event.t === 'status' ? [event.status] : [])) : [],
    ),
    ['live', 'paused'],
    'the end of the old publish was not told to anybody',
  )
  viewer.ws.close()
})

test('a callback that is sent again, or before the one it answers, opens nothing', async () => {
  const room = await srs.room()
  await publishSrs(room, 'again001')
  await unpublishSrs(room, 'again001')
  assert.equal((await publishSrs(room, 'again001')).status, 403, 'a captured on_publish')
  await unpublishSrs(room, 'early001')
  assert.equal((await publishSrs(room, 'early001')).status, 403, 'its end came first')
  assert.equal((await srs.desk('GET', `/api/rooms/${room.id}/desk`)).stream, null)
})

test('forged callbacks are refused, and during a change of the secret the old one still holds', async () => {
  const room = await srs.room()
  const body = srsBody('on_publish', room.id, 'forged01', { param: `?key=${keyOf(room)}` })
  for (const token of ['', 'wrong', SECRET.slice(1), `${SECRET},${OLD_SECRET}`])
    assert.equal((await callSrs(body, token)).status, 401, token)
  assert.equal((await post(srs, '/api/media-cluster/srs', body, { authorization: 'Basic OjE=' })).status, 401)
  assert.equal((await srs.page(room.id)).status, 'scheduled')
  assert.equal((await callSrs(body, OLD_SECRET)).status, 200)
  assert.equal((await srs.page(room.id)).status, 'live')
  await srs.desk('POST', `/api/rooms/${room.id}/end`)
})

test('a wrong key, another room’s key, an old key, an ended room and a practice room are refused', async () => {
  const [room, other, practice] = [await srs.room(), await srs.room(), await srs.room({ practice: true })]
  assert.match(practice.ingest.url, /^rtmp:\/\/localhost/, 'practice stays on this machine')
  assert.equal((await publishSrs(room, 'wrong001', 'a'.repeat(26))).status, 403)
  assert.equal((await publishSrs(room, 'wrong002', '')).status, 403)
  assert.equal((await publishSrs(room, 'wrong003', keyOf(other))).status, 403)
  assert.equal((await publishSrs(practice, 'wrong004', practice.ingest.streamKey)).status, 403)
  await srs.desk('POST', `/api/rooms/${room.id}/stream-key`)
  assert.equal((await publishSrs(room, 'wrong005')).status, 403, 'the key before')
  const fresh = await srs.desk('GET', `/api/rooms/${room.id}/desk`)
  await srs.desk('POST', `/api/rooms/${room.id}/end`)
  assert.equal((await publishSrs(fresh, 'wrong006')).status, 403)
  assert.equal((await srs.page(room.id)).status, 'ended')
  const elsewhere = srsBody('on_publish', other.id, 'wrong007', { app: 'secret', param: `?key=${keyOf(other)}` })
  assert.equal((await callSrs(elsewhere)).status, 403)
  assert.equal((await callSrs({ ...elsewhere, app: 'live', stream: '1 or 1=1' })).status, 403)
  assert.equal((await callSrs({ action: 'on_publish' })).status, 400)
})

test('an address that guesses keys is not listened to for a while, right or wrong; others are', async () => {
  const room = await srs.room()
  const from = (ip: string, clientId: string, key: string) =>
    callSrs(srsBody('on_publish', room.id, clientId, { ip, param: `?key=${key}` }))
  for (let guess = 0; guess < 20; guess++)
    assert.equal((await from('198.51.100.9', `guess${guess}`, 'b'.repeat(26))).status, 403)
  assert.equal((await from('198.51.100.9', 'right001', keyOf(room))).status, 403)
  assert.equal((await from('198.51.100.10', 'right002', keyOf(room))).status, 200)
  await srs.desk('POST', `/api/rooms/${room.id}/end`)
})

test('a new key and the end of the show send the publisher away by the API of SRS', async () => {
  const room = await srs.room()
  await publishSrs(room, 'kick0001')
  await srs.desk('POST', `/api/rooms/${room.id}/stream-key`)
  assert.ok(srsApi.kicks.includes('DELETE /api/v1/clients/kick0001'))
  await publishSrs(await srs.desk('GET', `/api/rooms/${room.id}/desk`), 'kick0002')
  await srs.desk('POST', `/api/rooms/${room.id}/end`)
  assert.ok(srsApi.kicks.includes('DELETE /api/v1/clients/kick0002'))
})

test('a restart keeps what is on air, and a publish that SRS does not list any more ends without a callback', async () => {
  const room = await srs.room()
  await publishSrs(room, 'listed01')
  await srs.app.platform.db.query(
    `update cluster_publishes set started_at = now() - interval '1 minute' where room_id = $1`,
    [room.id],
  )
  const stream = {
    id: 'vid-w4v1p27',
    name: streamNameOf(room.id),
    vhost: 'vid-8rm3r18',
    app: 'live',
    tcUrl: 'rtmp://push.example.org/live',
    url: `/live/${streamNameOf(room.id)}`,
    live_ms: 1620008521535,
    clients: 1,
    frames: 402,
    send_bytes: 41293,
    recv_bytes: 1108544,
    kbps: { recv_30s: 1510, send_30s: 0 },
    publish: { active: true, cid: 'listed01' },
    video: { codec: 'H264', profile: 'High', level: '3.2', width: 1280, height: 720 },
    audio: null,
  }
  srsApi.listed = { code: 0, server: SERVER_ID, service: '382k7891', pid: '14885', streams: [stream] }
  await srs.restart()
  const { stream: figures } = await srs.desk('GET', `/api/rooms/${room.id}/desk`)
  assert.deepEqual([figures?.connected, figures?.bitrateKbps, figures?.width], [true, 1510, 1280])
  assert.equal((await srs.page(room.id)).status, 'live')

  srsApi.listed = { code: 0, server: SERVER_ID, service: '382k7891', pid: '14885', streams: [] }
  await srs.restart()
  assert.equal((await srs.desk('GET', `/api/rooms/${room.id}/desk`)).stream, null)
  const viewer = await new RoomViewer(`${srs.wsUrl}/api/rooms/${room.id}/socket`).whenView(() => true)
  await viewer.whenView((view) => view.room.status === 'paused')
  viewer.ws.close()
})

test('on_dvr is written down once, and the team finds the file', async () => {
  const room = await srs.room()
  const dvr = srsBody('on_dvr', room.id, '341w361b', {
    cwd: '/usr/local/srs',
    file: `./objs/nginx/html/live/room-${room.id}.1420254068776.flv`,
  })
  assert.equal((await callSrs(dvr)).status, 200)
  assert.equal((await callSrs(dvr)).status, 200)
  type Files = { items: { file: string; url: string | null }[] }
  const { body } = await srs.ask<Files>('GET', `/api/rooms/${room.id}/cluster-recordings`, { as: srs.hostId })
  assert.deepEqual(
    body.items.map(({ url }) => url),
    [`https://vod.example.org/dvr/room-${room.id}.1420254068776.flv`],
  )
})

test('what the cluster forwards here is recorded here, and the room is on air until both are silent', async () => {
  const [room, other] = [await srs.room(), await srs.room()]
  const viewer = await new RoomViewer(`${srs.wsUrl}/api/rooms/${room.id}/socket`).whenView(() => true)
  const strange = publish(srs.publishUrl(`room-${other.id}?key=${keyOf(room)}`))
  assert.notEqual((await strange.ended).code, 0, 'a key opens its own room only')
  const forwarded = publish(srs.publishUrl(room.ingest.streamKey))
  await viewer.whenView((view) => view.room.status === 'live')
  const here = { ways: ['llhls'], url: `/media/${room.id}/live.m3u8` }
  assert.deepEqual((await srs.page(room.id)).video, here, 'the cluster has nothing to play, and the room is full')
  await publishSrs(room, 'forward1')
  const there = { ways: ['llhls'], url: `https://cdn.example.org/live/room-${room.id}.m3u8` }
  assert.deepEqual((await srs.page(room.id)).video, there)
  assert.ok((await countFrames(`${srs.httpUrl}/media/${room.id}/live.m3u8`, 1)) >= 12)
  await unpublishSrs(room, 'forward1')
  await srs.desk('POST', `/api/rooms/${room.id}/end`)
  await forwarded.ended
  assert.equal((await srs.page(room.id)).hasReplay, true)
  viewer.ws.close()
})

test('MediaMTX asks who may publish and watch; the key comes in the address, as bearer token or as password', async () => {
  const [room, practice] = [await mtx.room(), await mtx.room({ practice: true })]
  const key = keyOf(room)
  assert.equal((await askMtx(mtxAuth(room.id, 'publish'))).status, 401, 'it is to ask for the key')
  assert.equal((await askMtx(mtxAuth(room.id, 'publish', { query: `key=${key}` }))).status, 204)
  assert.equal((await askMtx(mtxAuth(room.id, 'publish', { protocol: 'webrtc', token: key }))).status, 204)
  assert.equal((await askMtx(mtxAuth(room.id, 'publish', { protocol: 'webrtc', token: `obs:${key}` }))).status, 204)
  assert.equal((await askMtx(mtxAuth(room.id, 'publish', { protocol: 'rtsp', id: null, password: key }))).status, 204)
  assert.equal((await askMtx(mtxAuth(room.id, 'publish', { query: `key=${'c'.repeat(26)}` }))).status, 403)
  assert.equal((await askMtx(mtxAuth(room.id + 1, 'publish', { query: `key=${key}` }))).status, 403)
  assert.equal((await askMtx(mtxAuth(room.id, 'read', { protocol: 'hls', id: null }))).status, 204)
  assert.equal((await askMtx(mtxAuth(practice.id, 'read', { protocol: 'hls', id: null }))).status, 403)
  assert.equal((await askMtx(mtxAuth(room.id, 'api'))).status, 403)
  assert.equal((await askMtx({ ...mtxAuth(room.id, 'publish'), path: '../room-1' })).status, 403)
  const basic = { authorization: `Basic ${Buffer.from(`mediamtx:${SECRET}`).toString('base64')}` }
  const path = '/api/media-cluster/mediamtx/auth'
  assert.equal(
    (await post(mtx, path, mtxAuth(room.id, 'read'), basic)).status,
    204,
    'http://user:secret@ in its settings',
  )
  assert.equal((await post(mtx, path, mtxAuth(room.id, 'read'))).status, 401)
})

test('hooks of MediaMTX bring a room on air; out of order, again and after the end they change nothing', async () => {
  const room = await mtx.room()
  const source = (id: string) => `source_type=webRTCSession&source_id=${id}`
  assert.equal((await hookMtx('ready', room.id, source('aaaa-1'))).status, 204)
  assert.equal((await mtx.page(room.id)).status, 'live')
  // overridePublisher: the command for the new one may well be run before that for the old one.
  await hookMtx('ready', room.id, source('bbbb-2'))
  await hookMtx('gone', room.id, source('aaaa-1'))
  assert.equal((await mtx.desk('GET', `/api/rooms/${room.id}/desk`)).stream?.connected, true)
  assert.equal((await hookMtx('ready', room.id, source('aaaa-1'))).status, 403)
  assert.equal((await hookMtx('ready', room.id, 'source_type=webRTCSession')).status, 403)
  const recorded = `segment_path=./recordings/live/room-${room.id}/2026-11-30_12-00-00-000000.mp4&segment_duration=3600.52`
  assert.equal((await hookMtx('recorded', room.id, recorded)).status, 204)
  await mtx.desk('POST', `/api/rooms/${room.id}/end`)
  assert.deepEqual(mtxApi.kicks, ['POST /v3/webrtcsessions/kick/bbbb-2'])
  assert.equal((await hookMtx('ready', room.id, source('cccc-3'))).status, 403)
  assert.equal((await mtx.page(room.id)).status, 'ended')
  type Files = { items: { durationMs: number | null }[] }
  const { body } = await mtx.ask<Files>('GET', `/api/rooms/${room.id}/cluster-recordings`, { as: mtx.hostId })
  assert.deepEqual(
    body.items.map(({ durationMs }) => durationMs),
    [3_600_520],
  )
})
