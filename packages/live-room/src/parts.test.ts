import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Admissions, HeldBuckets, offersDeflate, TokenBucket, TokenBuckets } from '@chunbo/web-socket'
import fc from 'fast-check'
import { cleanChatText, countChars, LineIds, makeLineId } from './chat-line.ts'
import { ROOM_LIMITS } from './limits.ts'
import { SentTimes } from './sent-times.ts'
import { frameText } from './shared-frame.ts'
import { StreamLog } from './stream-log.ts'

test('a token bucket never gives more than its burst and its rate', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: -50, max: 400 }), { maxLength: 200 }),
      (burst, perS, gaps) => {
        const bucket = new TokenBucket({ burst, perS }, 0)
        let nowMs = 0
        let latestMs = 0
        let given = 0
        for (const gap of gaps) {
          nowMs += gap
          latestMs = Math.max(latestMs, nowMs)
          const waitMs = bucket.take(nowMs)
          if (waitMs === 0) given += 1
          assert.ok(waitMs <= 1000 / perS + 1)
          assert.ok(given <= burst + (latestMs / 1000) * perS + 1e-6)
        }
      },
    ),
  )
})

test('full buckets are forgotten', () => {
  const buckets = new TokenBuckets<number>({ burst: 2, perS: 1 })
  for (let user = 0; user < 100; user += 1) buckets.take(user, 0)
  buckets.sweep(500)
  assert.equal(buckets.size, 100)
  buckets.sweep(1_000)
  assert.equal(buckets.size, 0)
})

test('the log gives back exactly what came after an offset, or says that it cannot', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string({ maxLength: 5 }), { maxLength: 6 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 20 }),
      (batches, eventsMax) => {
        const log = new StreamLog(eventsMax, 40)
        for (const batch of batches) log.append(batch)
        const all = batches.flat()
        assert.equal(log.offset, all.length)
        for (let offset = 0; offset <= all.length; offset += 1) {
          const missed = log.since(log.epoch, offset)
          if (missed !== null) assert.deepEqual(missed, all.slice(offset))
          if (missed === null) assert.ok(all.length - offset > 0)
        }
        assert.equal(log.since(log.epoch, all.length + 1), null)
        assert.equal(log.since('another', 0), null)
      },
    ),
  )
})

test('a cleaned text has no control characters, no double spaces and stays as it is when cleaned again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const clean = cleanChatText(text)
      assert.equal(cleanChatText(clean), clean)
      assert.doesNotMatch(clean, /[\p{Cc}\u202e\u200b]| {2}|^ | $/u)
      assert.ok(countChars(clean) <= countChars(text.normalize('NFC')))
    }),
  )
  assert.equal(cleanChatText('a\u0301\u0301\u0301\u0301\u0301\u0301'), 'á\u0301\u0301\u0301')
})

test('line ids are UUIDs of version 7 and sort by time', () => {
  const early = makeLineId(1_773_475_200_000)
  const late = makeLineId(1_773_475_200_001)
  assert.match(early, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.ok(early < late)
})

test('admission counts by address, an IPv6 /64 as one, and gives places back once', () => {
  const limits = { ...ROOM_LIMITS, joinsByAddress: { burst: 3, perS: 1 }, socketsByAddressMax: 2 }
  const admissions = new Admissions(limits, 0)
  const statusOf = (address: string, atMs = 0) => {
    const answer = admissions.ask(address, atMs)
    return answer.admitted ? answer.place.release : answer.status
  }
  const release = statusOf('2001:db8::1')
  assert.ok(typeof release === 'function')
  assert.equal(typeof statusOf('2001:db8:0:0:9::2'), 'function')
  assert.equal(statusOf('2001:db8::3'), 429, 'two sockets are open')
  assert.equal(statusOf('2001:db8::4'), 429, 'three joins were made')
  assert.equal(typeof statusOf('2001:db8:0:1::1'), 'function', 'another network')
  release()
  release()
  assert.equal(typeof statusOf('2001:db8::5', 2_000), 'function')
  assert.equal(statusOf('2001:db8::6', 3_000), 429, 'the place was given back once')
  assert.equal(typeof statusOf('::ffff:10.0.0.1'), 'function')
  assert.equal(typeof statusOf('10.0.0.1'), 'function')
  assert.equal(statusOf('10.0.0.1'), 429, 'an IPv4 address in IPv6 clothes is the same')
  assert.equal(admissions.sockets, 5)
})

test('line ids rise whatever the clock does, also over a restart', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -100_000_000, max: 100_000_000 }), { maxLength: 60 }),
      fc.nat(59),
      (jumps, restartAt) => {
        let wallMs = 1_773_475_200_000
        let ids = new LineIds([])
        const made: string[] = []
        for (const [index, jump] of jumps.entries()) {
          if (index === restartAt) {
            const last = made.map((id) => ({ id, atMs: 0, name: '', from: 'viewer' as const, text: '' }))
            ids = new LineIds(last)
          }
          wallMs += jump
          made.push(ids.next(wallMs))
        }
        assert.deepEqual(made, [...new Set(made)].sort())
      },
    ),
  )
})

test('how far behind a reader is, is said within half a second', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(400), fc.nat(3)), { minLength: 1, maxLength: 120 }),
      fc.nat(400),
      (steps, acked) => {
        const times = new SentTimes()
        const sentMs: number[] = []
        let nowMs = 0
        for (const [gap, events] of steps) {
          nowMs += gap
          for (let event = 0; event < events; event += 1) sentMs.push(nowMs)
          times.note(sentMs.length, nowMs)
        }
        const first = sentMs[acked]
        const behindMs = times.behindMs(acked, nowMs)
        if (first === undefined) assert.equal(behindMs, 0)
        else assert.ok(behindMs >= nowMs - first && behindMs <= nowMs - first + 500, `${behindMs} of ${nowMs - first}`)
      },
    ),
  )
})

test('a held bucket is one for all its holders, and stays until it is full again', () => {
  const buckets = new HeldBuckets<string>({ burst: 4, perS: 1 })
  const first = buckets.hold('a', 0)
  const second = buckets.hold('a', 0)
  assert.equal(first, second)
  assert.equal(first.takeUpTo(9, 0), 4)
  assert.equal(second.take(0), 1_000)
  buckets.release('a')
  buckets.release('a')
  buckets.sweep(1_000)
  assert.equal(buckets.hold('a', 1_000), first, 'coming back does not make it new')
  buckets.release('a')
  buckets.sweep(4_000)
  assert.notEqual(buckets.hold('a', 4_000), first)
})

test('an offer of deflate is agreed to where one shared frame fits it', () => {
  const yes = [
    'permessage-deflate',
    'permessage-deflate; client_max_window_bits',
    'permessage-deflate; client_max_window_bits=10; server_no_context_takeover',
    'x-other, permessage-deflate; server_max_window_bits=15',
    'permessage-deflate; server_max_window_bits=10, permessage-deflate',
  ]
  const no = [
    '',
    'x-webkit-deflate-frame',
    'permessage-deflate; server_max_window_bits=10',
    'permessage-deflate; client_max_window_bits=99',
    'permessage-deflate; unknown',
    'permessage-deflate; client_max_window_bits; client_max_window_bits',
    'permessage-deflate; server_no_context_takeover=1',
  ]
  for (const offer of yes) assert.ok(offersDeflate(offer), offer)
  for (const offer of no) assert.ok(!offersDeflate(offer), offer)
})

test('a frame is deflated once and only where it pays', () => {
  const small = frameText('豌豆')
  assert.ok(small.deflated === small.wire)
  const large = frameText('豌豆怎么煮？'.repeat(500))
  assert.ok(large.deflated.length < large.wire.length / 5)
  const first = large.deflated
  assert.ok(large.deflated === first)
  assert.equal(large.deflated[0], 0xc1)
  const noise = frameText(
    Array.from(randomBytes(4_000), (byte) => String.fromCharCode(32 + ((byte * 95) >> 8))).join(''),
  )
  assert.ok(noise.deflated === noise.wire)
  assert.equal(frameText('{}', 'e:3').streamed.toString(), 'id: e:3\ndata: {}\n\n')
})

test('a storm is let in as fast as it can be greeted, and the rest is told different times', () => {
  const limits = { ...ROOM_LIMITS, joins: { burst: 100, perS: 50 }, joinsByAddress: { burst: 1_000, perS: 1_000 } }
  let turn = 0
  const admissions = new Admissions(limits, 0, () => {
    turn = (turn + 0.37) % 1
    return turn
  })
  const answers = Array.from({ length: 200 }, (_, n) => admissions.ask(`10.0.${n}.1`, 1_000))
  const sent = answers.flatMap((answer) => (answer.admitted ? [] : [answer]))
  assert.equal(sent.length, 100)
  assert.ok(sent.every(({ status }) => status === 503))
  assert.ok(new Set(sent.map(({ retryAfterS }) => retryAfterS)).size >= 4)
  assert.ok(admissions.ask('10.1.0.1', 2_000).admitted)
})
