import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { createLiveHub } from '../live-hub.ts'
import { clip, sendTags } from '../testing/clips.ts'
import { KeyGuard } from './key-guard.ts'
import { openRtmpPublisher, PublishRefused } from './rtmp-publisher.ts'
import { createRtmpServer } from './rtmp-server.ts'

const isDenial = (): boolean => false

function newGuard(): {
  guard: KeyGuard
  clock: { nowMs: number }
  looks: string[]
  look: (address: string, key: string) => Promise<unknown>
} {
  const clock = { nowMs: 1_000_000 }
  const looks: string[] = []
  const guard = new KeyGuard({ now: () => clock.nowMs, isOwnKey: (key) => key.startsWith('own') })
  const look = (address: string, key: string): Promise<unknown> =>
    guard.look(
      address,
      key,
      async () => {
        looks.push(key)
        return key.endsWith('good') ? { roomId: 1 } : null
      },
      isDenial,
    )
  return { guard, clock, looks, look }
}

test('of five hundred guesses a second few are looked up, and a good key behind the same address is, always', async () => {
  const { clock, looks, look } = newGuard()
  const answers: Record<string, number> = {}
  for (let guess = 0; guess < 30_000; guess++) {
    clock.nowMs += 2
    const answer = String(await look('203.0.113.9', `guess-${guess}`))
    answers[answer] = (answers[answer] ?? 0) + 1
    if (guess % 500 === 0) assert.deepEqual(await look('203.0.113.9', `own-${guess}-good`), { roomId: 1 })
  }
  assert.ok(looks.filter((key) => key.startsWith('guess')).length <= 21, 'ten at once, and one in six seconds')
  assert.ok((answers.too_many_tries ?? 0) > 29_900)
  clock.nowMs += 60_000
  assert.equal(await look('203.0.113.9', 'again'), 'key_wrong')
})

test('guesses from a thousand addresses are looked up twenty times a second in all', async () => {
  const { clock, looks, look } = newGuard()
  for (let guess = 0; guess < 20_000; guess++) {
    clock.nowMs += 2
    await look(`2001:db8::${(guess % 1_000).toString(16)}`, `guess-${guess}`)
  }
  assert.ok(looks.length <= 20 + 40 * 20, `${looks.length} look-ups in 40 s`)
})

test('keys that mistype are not held up, and a key that was wrong is not asked for again for a while', async () => {
  const { clock, looks, look } = newGuard()
  for (let i = 0; i < 50; i++) assert.deepEqual(await look('198.51.100.1', `${i}-good`), { roomId: 1 })
  assert.equal(await look('198.51.100.1', 'own-rotated'), 'key_wrong')
  for (let i = 0; i < 5; i++) assert.equal(await look('198.51.100.1', 'own-rotated'), 'key_wrong')
  assert.equal(looks.filter((key) => key === 'own-rotated').length, 1)
  clock.nowMs += 11_000
  await look('198.51.100.1', 'own-rotated')
  assert.equal(looks.filter((key) => key === 'own-rotated').length, 2)
})

test('what is remembered is bounded', async () => {
  const { guard, clock, look } = newGuard()
  for (let i = 0; i < 40_000; i++) {
    clock.nowMs += 60
    await look(`address ${i}`, `guess-${i}`)
  }
  assert.ok(guard.size <= 10_000 + 4_096, `${guard.size} entries`)
})

test('a flood of wrong keys over real sockets reaches no database and disturbs no publisher of the same address', async (t) => {
  let lookUps = 0
  const hub = createLiveHub({ storage: null })
  const rtmp = createRtmpServer({
    port: 0,
    host: '127.0.0.1',
    hub,
    isOwnKey: (key) => key.startsWith('own'),
    authorise: async (key) => {
      lookUps++
      return key === 'own-1' ? { roomId: 1 } : key === 'own-2' ? { roomId: 2 } : null
    },
  })
  const { port } = await rtmp.listen()
  t.after(async () => {
    await rtmp.close()
    await hub.close()
  })
  const url = (key: string): string => `rtmp://127.0.0.1:${port}/live/${key}`
  const tags = await clip({ seconds: 1 })
  const steady = await openRtmpPublisher(url('own-1'))
  const refusals: Record<string, number> = {}
  const guess = async (number: number): Promise<void> => {
    try {
      await openRtmpPublisher(url(`guess-${number}`))
      assert.fail('a guess was let in')
    } catch (error) {
      const reason =
        error instanceof PublishRefused ? (/too many|wrong/.exec(error.message)?.[0] ?? error.message) : 'cut off'
      refusals[reason] = (refusals[reason] ?? 0) + 1
    }
  }
  const flood = Promise.all(
    Array.from({ length: 20 }, async (_, line) => {
      for (let at = 0; at < 25; at++) await guess(line * 25 + at)
    }),
  )
  await sendTags(steady, tags)
  const arrived = once(hub.events, 'video.arrived')
  const newcomer = await openRtmpPublisher(url('own-2'))
  await sendTags(newcomer, tags)
  await arrived
  await flood
  await sendTags(steady, tags, 1_000)
  assert.equal(hub.stream(1)?.health().state, 'publishing')
  assert.equal(hub.stream(2)?.health().state, 'publishing')
  assert.ok(lookUps <= 15, `${lookUps} look-ups for 500 guesses`)
  assert.ok((refusals['too many'] ?? 0) > 450, JSON.stringify(refusals))
  await Promise.all([steady.close(), newcomer.close()])
})
