import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type DropEntry, type DropPage, drawWinners } from '@chunbo/contract'
import pg from 'pg'
import { signSessionCookie } from '../../apps/server/src/identity/index.ts'
import { startEmbeddedPostgres } from '../../apps/server/src/platform/embedded-postgres.ts'
import { removePostgres } from '../../apps/server/src/platform/embedded-postgres-place.ts'
import { killableServer } from './killable-server.ts'

/**
 * The invariant of this file: whoever was told a ticket of a lucky bag is in its draw, and every bag is drawn once, by the seed whose hash was
 * shown, whatever is killed at whatever moment.
 */

const SECRET = 'a-secret-for-tests-that-is-long-enough-for-hs256'
const ROUNDS = 6
const BAGS = 3
const PEOPLE = 40
const seed = Number(process.env.SURVIVE_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** mulberry32: a small generator, so that the rounds of a failed run can be had again by its seed. */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const WORLD = [
  `insert into divisions (code, level, name, parent_code) values (530000, 'province', '云南省', null), (530823, 'county', '景东彝族自治县', 530000) on conflict do nothing`,
  `insert into users (id, name, email) select i, '买家' || i, 'buyer' || i || '@example.org' from generate_series(1, ${PEOPLE}) i`,
  `insert into rooms (id, county_code, title_zh, host_name, scheduled_at, status, started_at, created_by, created_at)
   values (1, 530823, '豌豆专场', '李明', now(), 'live', now(), 1, now())`,
]

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const dataDir = await mkdtemp(join(tmpdir(), 'chunbo-survive-'))
await chmod(dataDir, 0o711)
const server = await killableServer(dataDir, SECRET)
after(async () => {
  await server.stop()
  await removePostgres(dataDir)
  await rm(dataDir, { recursive: true, force: true })
})

/** Runs work on the server's own database, beside the server. */
async function onDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const postgres = await startEmbeddedPostgres({ dataDir })
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
    postgres.detach()
  }
}

/** Opens bags that close by themselves in about a second and a half; a desk's own last ten seconds at least. */
const openBags = () =>
  onDatabase(async (client) => {
    const ids: number[] = []
    for (let at = 0; at < BAGS; at += 1) {
      const detail = { prizeZh: '一箱', prizeEn: '', prizeFen: 100, prizes: 5, condition: 'none', phrase: '' }
      const made = await client.query<{ id: string }>(
        `insert into room_drops (room_id, kind, opened_by, opened_at, closes_at, detail)
         values (1, 'bag', 1, now(), now() + $1 * interval '1 millisecond', $2) returning id`,
        [1_300 + at * 200, JSON.stringify(detail)],
      )
      const id = Number(made.rows[0]?.id)
      const secret = randomBytes(32).toString('hex')
      await client.query('insert into bag_seeds (drop_id, seed, seed_hash) values ($1, $2, $3)', [
        id,
        secret,
        sha256(secret),
      ])
      ids.push(id)
    }
    return ids
  })

/** One person taps until there is an answer that is not the fault of a server that is away; gives the ticket, if one was told. */
async function tap(dropId: number, userId: number): Promise<string | null> {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${server.port}/api/drops/${dropId}/enter`, {
        method: 'POST',
        headers: { cookie: signSessionCookie(userId, SECRET, new Date()) },
        signal: AbortSignal.timeout(5_000),
      })
      if (response.ok) return ((await response.json()) as DropEntry).ticket
      if (response.status < 500) return null
    } catch {
      // Killed in the middle of it; the next one will answer.
    }
    await pause(100)
  }
}

async function drawnPage(dropId: number): Promise<DropPage> {
  for (;;) {
    const page = await fetch(`http://127.0.0.1:${server.port}/api/drops/${dropId}`, {
      signal: AbortSignal.timeout(5_000),
    })
      .then(async (response) => (response.ok ? ((await response.json()) as DropPage) : null))
      .catch(() => null)
    if (page?.draw) return page
    await pause(100)
  }
}

test(`kill -9 while bags are entered and drawn, ${ROUNDS} rounds, seed ${seed}`, { timeout: 300_000 }, async () => {
  const random = randomFrom(seed)
  await server.start()
  await onDatabase(async (client) => {
    for (const statement of WORLD) await client.query(statement)
  })
  for (let round = 0; round < ROUNDS; round += 1) {
    const bags = await openBags()
    const taps = bags.flatMap((dropId) =>
      Array.from({ length: PEOPLE - 1 }, async (_, at) => {
        await pause(random() * 1_800)
        return { dropId, ticket: await tap(dropId, at + 2) }
      }),
    )
    await pause(300 + random() * 1_600)
    await (random() < 0.7 ? server.killNode() : server.killPostgres())
    const told = await Promise.all(taps)
    for (const dropId of bags) {
      const { drop, draw } = await drawnPage(dropId)
      assert.ok(draw && drop.kind === 'bag' && !drop.open)
      const tickets = told.flatMap((each) =>
        each.dropId === dropId && each.ticket !== null ? sha256(each.ticket) : [],
      )
      const absent = tickets.filter((entrant) => !draw.entrants.includes(entrant))
      assert.deepEqual(absent, [], `round ${round}: told a ticket and not in the draw of ${dropId}`)
      assert.equal(sha256(draw.seed), draw.seedHash)
      assert.deepEqual(
        draw.winners.map(({ entrant }) => entrant),
        await drawWinners(draw.seed, draw.entrants, 5, sha256),
      )
    }
  }
})
