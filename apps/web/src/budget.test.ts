import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'

/**
 * Budgets for a cheap phone on a slow line, in gzip bytes of script. What counts for a page is the entry, the page's own chunk and
 * everything that these import at once; what is imported later (the player, other areas) counts where it is asked for.
 */
const KB = 1000
const BUDGETS = [
  { page: 'src/shop/home-page.vue', mostBytes: 90 * KB },
  { page: 'src/live/room-page.vue', mostBytes: 100 * KB },
]

const root = fileURLToPath(new URL('..', import.meta.url))
const built = await build({ root, logLevel: 'silent', build: { write: false } })
const output = (Array.isArray(built) ? built : [built]).flatMap((each) => ('output' in each ? each.output : []))
const chunks = output.filter((each): each is Rolldown.OutputChunk => each.type === 'chunk')

/** The chunks that must be there before `start` can run, itself included. */
function needed(start: Rolldown.OutputChunk): Set<Rolldown.OutputChunk> {
  const found = new Set<Rolldown.OutputChunk>()
  const open = [start]
  for (let chunk = open.pop(); chunk !== undefined; chunk = open.pop()) {
    if (found.has(chunk)) continue
    found.add(chunk)
    open.push(...chunks.filter((each) => chunk?.imports.includes(each.fileName)))
  }
  return found
}

function pageChunks(page: string): Rolldown.OutputChunk[] {
  const entry = chunks.find((each) => each.isEntry)
  const own = chunks.find((each) => each.facadeModuleId?.replaceAll('\\', '/').endsWith(page))
  assert.ok(entry !== undefined && own !== undefined, `no chunk for ${page}`)
  return [...new Set([...needed(entry), ...needed(own)])]
}

for (const { page, mostBytes } of BUDGETS) {
  test(`${page} comes with at most ${mostBytes / KB} kB of script`, () => {
    const parts = pageChunks(page).map((each) => ({ name: each.fileName, bytes: gzipSync(each.code).length }))
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
    const list = parts.map((part) => `${part.name} ${part.bytes}`).join(', ')
    assert.ok(bytes <= mostBytes, `${bytes} bytes: ${list}`)
  })
}

const chunkWith = (module: string) =>
  chunks.find((each) => Object.keys(each.modules).some((id) => id.replaceAll('\\', '/').includes(module)))

test('no way of playing is in the first load of any page, and hls.js is in that of playlists alone', () => {
  for (const engine of ['socket-engine', 'hls-engine', 'native-engine', 'hls.js']) {
    const chunk = chunkWith(engine.includes('.') ? engine : `live/player/${engine}.ts`)
    assert.ok(chunk !== undefined, engine)
    for (const { page } of BUDGETS) assert.ok(!pageChunks(page).includes(chunk), `${engine} in ${page}`)
  }
  const engine = chunkWith('live/player/socket-engine.ts')
  assert.ok(engine !== undefined && ![...needed(engine)].includes(chunkWith('hls.js') ?? engine))
})

test('the player of sockets is a small file of its own', () => {
  const engine = chunkWith('live/player/socket-engine.ts')
  assert.ok(engine !== undefined)
  const bytes = gzipSync(engine.code).length
  assert.ok(bytes <= 6 * KB, `${bytes} bytes`)
})
