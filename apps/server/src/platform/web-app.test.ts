import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import Fastify from 'fastify'
import { mountWebApp, type PageHead } from './web-app.ts'

const INDEX = '<!doctype html><html lang="zh-CN"><head><title>x</title></head><body><div id="app"></div></body></html>'
const OFFLINE = '<html><head><style>p{color:red}</style></head><script>again()</script></html>'
const sha = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

async function buildSite(t: { after(work: () => unknown): void }, pages: PageHead[], mediaUrl: string | null = null) {
  const dir = await mkdtemp(join(tmpdir(), 'chunbo-web-'))
  await writeFile(join(dir, 'index.html'), INDEX)
  await writeFile(join(dir, 'offline.html'), OFFLINE)
  const app = Fastify()
  await mountWebApp(app, dir, pages, 'https://chunbo.example', mediaUrl)
  t.after(async () => {
    await app.close()
    await rm(dir, { recursive: true })
  })
  return app
}

test('what people wrote cannot leave its place in the page', async (t) => {
  const evil = '</script><script>steal()</script>"\'<!--'
  const app = await buildSite(t, [
    { path: /^\/$/, describe: async () => ({ title: evil, description: evil, image: evil, data: { '/api/x': evil } }) },
  ])
  const { body } = await app.inject('/')
  assert.equal(body.match(/<script/g)?.length, 1)
  assert.ok(!body.includes('<!--'))
  const data = /<script id="first-data" type="application\/json">(.*?)<\/script>/.exec(body)?.[1]
  assert.deepEqual(JSON.parse(data ?? ''), { '/api/x': evil })
})

test('a page may load our own files and run nothing that is written into it', async (t) => {
  const app = await buildSite(t, [])
  for (const path of ['/', '/rooms/1', '/index.html']) {
    const policy = String((await app.inject(path)).headers['content-security-policy'])
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/)
    assert.match(
      policy,
      /connect-src 'self' wss:\/\/chunbo\.example;.*worker-src 'self' blob:;.*frame-ancestors 'none'/,
    )
  }
  const offline = String((await app.inject('/offline.html')).headers['content-security-policy'])
  assert.ok(offline.includes(`script-src 'self' ${sha('again()')}; style-src 'self' ${sha('p{color:red}')};`))
})

test('a page may play what a media cluster serves, and fetch nothing else from elsewhere', async (t) => {
  const app = await buildSite(t, [], 'https://cdn.example:8443/live/{stream}.m3u8')
  const policy = String((await app.inject('/')).headers['content-security-policy'])
  assert.ok(policy.includes("media-src 'self' blob: https://cdn.example:8443;"))
  assert.ok(policy.includes("connect-src 'self' wss://chunbo.example https://cdn.example:8443;"))
})
