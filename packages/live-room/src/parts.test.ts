import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Admissions } from './admission.ts'
import { cleanChatText, countChars, makeLineId } from './chat-line.ts'
import { ROOM_LIMITS } from './limits.ts'
import { StreamLog } from './stream-log.ts'
import { TokenBucket, TokenBuckets } from './token-bucket.ts'

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
  const admissions = new Admissions({ ...ROOM_LIMITS, joinsByAddress: { burst: 3, perS: 1 }, socketsByAddressMax: 2 })
  const statusOf = (address: string, atMs = 0) => {
    const answer = admissions.ask(address, atMs)
    return answer.admitted ? answer.release : answer.status
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
