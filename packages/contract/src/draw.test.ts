import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { drawWinners } from './draw.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hex64 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const entrantsOf = (count: number) => Array.from({ length: count }, (_, at) => sha256(`ticket ${at}`))

test('a draw gives as many winners as there are prizes, or everybody, and nobody twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      hex64,
      fc.uniqueArray(hex64, { maxLength: 60 }),
      fc.integer({ min: 1, max: 80 }),
      async (seed, entrants, prizes) => {
        const winners = await drawWinners(seed, entrants, prizes, sha256)
        assert.equal(winners.length, Math.min(prizes, entrants.length))
        assert.equal(new Set(winners).size, winners.length)
        for (const winner of winners) assert.ok(entrants.includes(winner))
      },
    ),
  )
})

test('whoever draws again comes to the same winners, in whatever order the list is, and fewer prizes take the first of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      hex64,
      fc
        .uniqueArray(hex64, { minLength: 1, maxLength: 40 })
        .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      async (seed, [list, shuffled]) => {
        const winners = await drawWinners(seed, list, list.length, sha256)
        assert.deepEqual(await drawWinners(seed, shuffled, list.length, sha256), winners)
        const few = Math.ceil(list.length / 2)
        assert.deepEqual(await drawWinners(seed, list, few, async (text) => sha256(text)), winners.slice(0, few))
      },
    ),
  )
})

test('who does not win changes nothing for those who do', async () => {
  await fc.assert(
    fc.asyncProperty(hex64, fc.uniqueArray(hex64, { minLength: 4, maxLength: 30 }), async (seed, entrants) => {
      const winners = await drawWinners(seed, entrants, 2, sha256)
      const loser = entrants.find((entrant) => !winners.includes(entrant))
      const without = entrants.filter((entrant) => entrant !== loser)
      assert.deepEqual(await drawWinners(seed, without, 2, sha256), winners)
    }),
  )
})

test('every entrant wins equally often over many seeds', async () => {
  const entrants = entrantsOf(20)
  const draws = 4_000
  const wins = new Map(entrants.map((entrant) => [entrant, 0]))
  // Seeds that are counted and not drawn, so that the test says the same each time it runs.
  for (let at = 0; at < draws; at += 1)
    for (const winner of await drawWinners(sha256(`seed ${at}`), entrants, 3, sha256))
      wins.set(winner, (wins.get(winner) ?? 0) + 1)
  const expected = (draws * 3) / entrants.length
  let chiSquare = 0
  for (const count of wins.values()) chiSquare += (count - expected) ** 2 / expected
  // 19 degrees of freedom: 43.8 is exceeded once in a thousand.
  assert.ok(chiSquare < 43.8, `chi-square ${chiSquare}`)
})

test('the shell line of the documentation gives the same key', async () => {
  const seed = sha256('seed')
  const entrants = entrantsOf(5)
  const keys = entrants.map((entrant) => ({
    entrant,
    key: execFileSync('sh', ['-c', `printf '%s:%s' "${seed}" "${entrant}" | sha256sum`])
      .toString()
      .slice(0, 64),
  }))
  keys.sort((a, b) => (a.key < b.key ? -1 : 1))
  assert.deepEqual(
    await drawWinners(seed, entrants, 5, sha256),
    keys.map(({ entrant }) => entrant),
  )
})
