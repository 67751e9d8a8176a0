import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DRAW_ALGORITHM, type DropPage, drawWinners } from '@chunbo/contract'

const TOOL = fileURLToPath(new URL('draw.ts', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'chunbo-draw-'))
after(() => rm(folder, { recursive: true, force: true }))

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const tickets = Array.from({ length: 12 }, (_, at) => `ticket-${at}`)

async function recordOf(more: Partial<NonNullable<DropPage['draw']>> = {}): Promise<DropPage> {
  const seed = sha256('a seed')
  const entrants = tickets.map(sha256).sort()
  const drawn = await drawWinners(seed, entrants, 3, sha256)
  const winners = drawn.map((entrant, at) => ({ place: at + 1, entrant, name: `买家${at}` }))
  const draw = { algorithm: DRAW_ALGORITHM, seed, seedHash: sha256(seed), prizes: 3, entrants, winners } as const
  return {
    roomId: 1,
    drop: {
      id: 1,
      openedAtMs: 0,
      closesAtMs: 1,
      open: false,
      kind: 'bag',
      prizeZh: '一箱',
      prizeEn: '',
      prizes: 3,
      condition: 'none',
      phrase: '',
      entrants: 12,
      seedHash: draw.seedHash,
      seed,
      winners: winners.map(({ name }) => name),
    },
    draw: { ...draw, ...more },
  }
}

async function check(record: object, ...more: string[]): Promise<{ code: number; text: string }> {
  const path = join(folder, `${Math.random()}.json`)
  await writeFile(path, JSON.stringify(record))
  return new Promise((resolve) =>
    execFile(process.execPath, [TOOL, path, ...more], (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: out + err }),
    ),
  )
}

test('a draw that holds is told to hold, and a ticket what it won', async () => {
  const record = await recordOf()
  const { code, text } = await check(record)
  assert.equal(code, 0, text)
  assert.match(text, /12 entrants, 3 winners/)
  const won = tickets.find((ticket) => sha256(ticket) === record.draw?.winners[1]?.entrant) ?? ''
  assert.match((await check(record, '--ticket', won)).text, /won prize 2/)
  assert.equal((await check(record, '--ticket', 'somebody else’s')).code, 1)
})

test('a draw that was tampered with is found out', async () => {
  const { draw } = await recordOf()
  assert.ok(draw)
  const [first, second, third] = draw.winners
  assert.ok(first && second && third)
  const loser = draw.entrants.find((entrant) => draw.winners.every((winner) => winner.entrant !== entrant)) ?? ''
  for (const more of [
    { winners: [{ ...first, entrant: second.entrant }, { ...second, entrant: first.entrant }, third] },
    { winners: [first, second, { ...third, entrant: loser }] },
    { winners: [first, second] },
    { seed: sha256('another seed') },
    { entrants: [...draw.entrants, loser] },
  ])
    assert.equal((await check(await recordOf(more))).code, 1, JSON.stringify(more).slice(0, 200))
})

test('what is no record of a draw is refused', async () => {
  assert.equal((await check({})).code, 2)
  assert.equal((await check({ ...(await recordOf()), draw: null })).code, 2)
})
