import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Moderation, RoomDesk, RoomQuestions } from '@chunbo/contract'
import { composeApp } from '../compose.ts'
import { signSessionCookie } from '../identity/index.ts'
import { JINGDONG } from '../live/testing/live-world.ts'
import { RoomViewer } from '../live/testing/room-viewer.ts'
import { readConfig } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import { createTestDatabase } from '../platform/testing/test-database.ts'

/** The invariant of this file: what a desk was told is done, and what a desk was shown as asked, is there after kill -9. */

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const SECRET = 'a-secret-for-tests-that-is-long-enough-for-hs256'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

const database = await createTestDatabase()
const dataDir = await mkdtemp(join(tmpdir(), 'chunbo-chat-kill-'))
const [port, rtmpPort] = [await freePort(), await freePort()]
const env = { DATA_DIR: dataDir, AUTH_SECRET: SECRET, PORT: String(port), RTMP_PORT: String(rtmpPort), DEMO: '0' }
let child: ChildProcess | undefined
after(async () => {
  child?.kill('SIGKILL')
  await database.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** Starts the real server on the test's database and waits until it is ready. */
async function start(): Promise<void> {
  const started = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...env, NODE_ENV: 'production', DATABASE_URL: database.url, LOG_LEVEL: 'fatal' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child = started
  for await (const line of createInterface({ input: started.stdout })) if (line.startsWith('ready ')) return
  throw new Error('the server did not start')
}

async function kill(): Promise<void> {
  const killed = child
  assert.ok(killed)
  const gone = once(killed, 'exit')
  killed.kill('SIGKILL')
  await gone
}

async function people(...names: string[]): Promise<number[]> {
  const config = readConfig({ ...env, PORT: '0', RTMP_PORT: '0' })
  const app = await composeApp({ config, databaseUrl: database.url, log: createLog('silent'), runJobs: false })
  const ids: number[] = []
  for (const name of names) {
    const email = `kill${ids.length}@example.org`
    const userId = await app.slices.identity.register({ name, email, password: 'long-enough-1' })
    if (ids.length === 0) await app.slices.identity.grant({ userId, role: 'host', countyCode: JINGDONG })
    ids.push(userId)
  }
  await app.close()
  return ids
}

const cookieOf = (userId: number) => signSessionCookie(userId, SECRET, new Date())
async function ask<Body>(as: number, method: string, path: string, body?: object): Promise<Body> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { cookie: cookieOf(as), ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const answer = (await response.json()) as Body
  assert.ok(response.status < 300, `${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
  return answer
}
const enter = (roomId: number, as: number) =>
  new RoomViewer(`ws://127.0.0.1:${port}/api/rooms/${roomId}/socket`, { cookie: cookieOf(as) }).whenView(() => true)
async function say(viewer: RoomViewer, text: string): Promise<string> {
  const id = crypto.randomUUID()
  viewer.say(text, id)
  await viewer.when(({ messages }) =>
    messages.some((message) => message.t !== 'desk' && 'id' in message && message.id === id),
  )
  const answer = viewer.messages.findLast((message) => message.t !== 'desk' && 'id' in message && message.id === id)
  return answer?.t === 'accepted' ? answer.lineId : answer?.t === 'refused' ? answer.code : ''
}

test('after kill -9 mode, pinned comment, mutes, tombstones and questions are back', async () => {
  const [host = 0, rude = 0, ...askers] = await people('李主播', '捣乱的', '小红', '小明', '小李')
  await start()
  const scheduledAt = new Date(Date.now() + 3_600_000).toISOString()
  const input = { countyCode: JINGDONG, titleZh: '景东豌豆', hostName: '李明', scheduledAt }
  const { id } = await ask<RoomDesk>(host, 'POST', '/api/rooms', input)
  const talker = await enter(id, rude)
  const lineId = await say(talker, '骗人的')
  const viewers = await Promise.all(askers.map((as) => enter(id, as)))
  const pinId = await say(viewers[0] as RoomViewer, '去年买过，很甜')
  for (const viewer of viewers) await say(viewer, '邮费多少')
  await say(viewers[0] as RoomViewer, '哪里产的')
  let list: RoomQuestions
  do list = await ask<RoomQuestions>(host, 'GET', `/api/rooms/${id}/questions`)
  while (list.waiting < 2 || list.open[0]?.askers !== 3)
  const origin = list.open.find(({ intent }) => intent === 'origin')
  await ask(host, 'POST', `/api/rooms/${id}/questions/${origin?.id}/answer`, { text: '景东锦屏镇' })
  await ask(host, 'PUT', `/api/rooms/${id}/chat-pin`, { lineId: pinId })
  await ask(host, 'POST', `/api/rooms/${id}/mutes`, { lineId, minutes: 0, reason: 'abuse' })
  await ask(host, 'DELETE', `/api/rooms/${id}/chat/${lineId}?reason=abuse`)
  const mode = { slowS: 60, followersOnly: false, closed: false }
  const before = await ask<Moderation>(host, 'PUT', `/api/rooms/${id}/chat-mode`, mode)
  await kill()
  await start()
  const back = await enter(id, askers[1] ?? 0)
  assert.deepEqual(back.view?.chatMode, mode)
  assert.equal(back.view?.chatPin?.text, '去年买过，很甜')
  assert.deepEqual(
    back.view?.answers.map(({ text }) => text),
    ['景东锦屏镇'],
  )
  assert.ok(!JSON.stringify(back.view).includes('骗人的'))
  assert.equal(await say(back, '还有吗'), 'room.chat_slow')
  assert.equal(await say(await enter(id, rude), '我回来了'), 'room.chat_muted')
  assert.deepEqual(await ask<Moderation>(host, 'GET', `/api/rooms/${id}/moderation`), before)
  const after = await ask<RoomQuestions>(host, 'GET', `/api/rooms/${id}/questions`)
  assert.deepEqual(
    after.open.map(({ text, askers }) => [text, askers]),
    [['邮费多少', 3]],
  )
})
