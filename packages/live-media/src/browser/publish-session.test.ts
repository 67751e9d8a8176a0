import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PUBLISH_AUDIO, PUBLISH_KIND, type PublishRefusal, type PublishServerMessage } from '@chunbo/contract/publish'
import fc from 'fast-check'
import { MediaFormatError } from '../ingest-sink.ts'
import { defaultPublishLimits, defaultStreamLimits } from '../limits.ts'
import { Chunker } from '../mux/chunker.ts'
import { clip, isVideo } from '../testing/clips.ts'
import { helloText, publishMessage } from '../testing/publish-client.ts'
import { PublishSession } from './publish-session.ts'

interface Fixture {
  session: PublishSession
  sent: PublishServerMessage[]
  closings: string[]
  faults: unknown[]
  ends: string[]
  /** Pictures that reached the sink. */
  pictures: number[]
  clock: { nowMs: number }
}

/** A session before a real chunker, whose hello is answered with `refusal` or accepted. */
function newSession(refusal?: PublishRefusal): Fixture {
  const fixture = { sent: [], closings: [], faults: [], ends: [], pictures: [], clock: { nowMs: 0 } } as Omit<
    Fixture,
    'session'
  >
  const chunker = new Chunker({
    limits: defaultStreamLimits,
    startMs: 0,
    sequence: 0,
    partTargetMs: null,
    discontinuity: false,
    onChunk: () => {},
  })
  const sink = {
    setVideo: (avcC: Buffer) => void chunker.setVideo(avcC),
    setAudio: chunker.setAudio.bind(chunker),
    video: (sample: Parameters<Chunker['video']>[0]) => {
      fixture.pictures.push(sample.dtsMs)
      chunker.video(sample)
    },
    audio: chunker.audio.bind(chunker),
    end: (reason: string) => void fixture.ends.push(reason),
  }
  const session = new PublishSession({
    limits: defaultPublishLimits,
    now: () => fixture.clock.nowMs,
    onFault: (error) => fixture.faults.push(error),
    port: { send: (message) => fixture.sent.push(message), close: (reason) => fixture.closings.push(reason) },
    open: async () => (refusal ? { kind: 'refused', code: refusal } : { kind: 'opened', sink, resumed: false }),
  })
  return Object.assign(fixture, { session })
}

async function publishing(format: 'frames' | 'mp4' | 'matroska' = 'frames'): Promise<Fixture> {
  const fixture = newSession()
  fixture.session.receiveText(helloText({ format }))
  await new Promise((resolve) => setImmediate(resolve))
  assert.ok(fixture.session.publishing)
  assert.equal(fixture.sent[0]?.t, 'welcome')
  return fixture
}

const lastCode = ({ sent }: Fixture) => {
  const last = sent.at(-1)
  return last?.t === 'problem' ? last.code : null
}

/** Messages of a real clip: its configuration, then its pictures. */
async function clipMessages(): Promise<Buffer[]> {
  const tags = (await clip({ seconds: 2, size: '160x90', rate: 15 })).filter(isVideo)
  return tags.flatMap(({ timestampMs, body }) => {
    if (body[1] === 0) return [publishMessage(PUBLISH_KIND.videoConfig, body.subarray(5))]
    const key = body.readUInt8(0) >> 4 === 1
    return body[1] === 1
      ? [publishMessage(PUBLISH_KIND.video, body.subarray(5), { key, dtsUs: timestampMs * 1_000 })]
      : []
  })
}

test('a publish goes from hello to acks, and a stop ends it', async () => {
  const fixture = await publishing()
  const { session, clock, sent, pictures } = fixture
  const messages = await clipMessages()
  let bytes = 0
  for (const message of messages) {
    clock.nowMs += 66
    bytes += message.length
    session.receiveBinary(message)
  }
  clock.nowMs += 500
  session.tick()
  session.tick()
  const acks = sent.filter(({ t }) => t === 'ack')
  assert.equal(acks.length, 1)
  const [ack] = acks
  assert.ok(ack?.t === 'ack' && ack.bytes === bytes && ack.bitsPerSecond > 0)
  assert.equal(ack.dtsUs, (pictures.at(-1) ?? 0) * 1_000)
  assert.equal(pictures.length, 30)
  session.receiveText('{"t":"stop"}')
  assert.deepEqual([fixture.ends, fixture.closings], [['unpublished'], ['unpublished']])
})

test('a refusal is told with its words, and nothing is taken before the welcome', async () => {
  const refused = newSession('busy')
  refused.session.receiveText(helloText())
  await new Promise((resolve) => setImmediate(resolve))
  const [problem] = refused.sent
  assert.ok(problem?.t === 'problem' && problem.code === 'busy' && problem.final && problem.texts.zh !== '')
  assert.deepEqual(refused.closings, ['busy'])
  const early = newSession()
  early.session.receiveBinary(publishMessage(PUBLISH_KIND.video, Buffer.from([1])))
  assert.equal(lastCode(early), 'bad_message')
})

test('who says nothing, sends nothing or sends no pictures is sent away in time', async () => {
  const mute = newSession()
  mute.clock.nowMs = defaultPublishLimits.helloMs + 1
  mute.session.tick()
  assert.equal(lastCode(mute), 'bad_message')
  const idle = await publishing()
  idle.clock.nowMs = defaultPublishLimits.idleMs + 1
  idle.session.tick()
  assert.equal(lastCode(idle), 'silent')
  const deaf = await publishing()
  deaf.session.receiveBinary(publishMessage(PUBLISH_KIND.audioConfig, Buffer.from([PUBLISH_AUDIO.opus, 1])))
  for (; deaf.clock.nowMs <= defaultPublishLimits.mediaIdleMs; deaf.clock.nowMs += 1_000) {
    deaf.session.receiveBinary(publishMessage(PUBLISH_KIND.audio, Buffer.from([0x08, 1])))
    deaf.session.tick()
  }
  deaf.session.tick()
  assert.equal(lastCode(deaf), 'silent')
  // Its sink is left open: whoever comes back goes on with it.
  assert.deepEqual(deaf.ends, [])
})

test('too many bits, too many messages and a message that is too long end the socket', async () => {
  const heavy = await publishing('mp4')
  const megabyte = publishMessage(
    PUBLISH_KIND.container,
    Buffer.from(`\0\xff\xff\xffftyp${'\0'.repeat(1_000_000)}`, 'latin1'),
  )
  for (let i = 0; i < 20 && !heavy.session.closed; i++) heavy.session.receiveBinary(megabyte)
  assert.equal(lastCode(heavy), 'too_much')
  const chatty = await publishing()
  const sound = publishMessage(PUBLISH_KIND.audio, Buffer.from([1]))
  for (let i = 0; i < 5_000 && !chatty.session.closed; i++) chatty.session.receiveBinary(sound)
  assert.equal(lastCode(chatty), 'too_much')
  const long = await publishing()
  long.session.receiveBinary(Buffer.alloc(defaultPublishLimits.messageBytes + 1))
  assert.equal(lastCode(long), 'bad_message')
  const wordy = newSession()
  wordy.session.receiveText(helloText({ encoder: 'x'.repeat(2_000) }))
  assert.equal(lastCode(wordy), 'bad_message')
})

test('a key frame is asked for while none has come, and not more than once a second', async () => {
  const { session, sent, clock } = await publishing()
  const [config, , ...rest] = await clipMessages()
  session.receiveBinary(config ?? assert.fail())
  for (const message of rest.slice(0, 10)) {
    clock.nowMs += 66
    session.receiveBinary(message)
  }
  assert.equal(sent.filter(({ t }) => t === 'key').length, 1)
})

test('configurations that players cannot use are refused in words', async () => {
  const video = await publishing()
  video.session.receiveBinary(publishMessage(PUBLISH_KIND.videoConfig, Buffer.from('not an avcC')))
  assert.equal(lastCode(video), 'media_refused')
  const audio = await publishing()
  audio.session.receiveBinary(publishMessage(PUBLISH_KIND.audioConfig, Buffer.from([PUBLISH_AUDIO.opus, 9])))
  assert.equal(lastCode(audio), 'media_refused')
  const recorded = await publishing('matroska')
  recorded.session.receiveBinary(publishMessage(PUBLISH_KIND.container, Buffer.from('no recording')))
  assert.equal(lastCode(recorded), 'media_refused')
  const mixed = await publishing('mp4')
  mixed.session.receiveBinary(publishMessage(PUBLISH_KIND.video, Buffer.from([1])))
  assert.equal(lastCode(mixed), 'bad_message')
})

test('a fault of ours is told as one and not as the peer’s', async () => {
  const fixture = newSession()
  const session = new PublishSession({
    limits: defaultPublishLimits,
    now: () => 0,
    onFault: (error) => fixture.faults.push(error),
    port: { send: (message) => fixture.sent.push(message), close: (reason) => fixture.closings.push(reason) },
    open: () => Promise.reject(new Error('the disk is gone')),
  })
  session.receiveText(helloText())
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(lastCode(fixture), 'server_fault')
  assert.equal(fixture.faults.length, 1)
  assert.ok(!(fixture.faults[0] instanceof MediaFormatError))
})

test('random and damaged messages never raise a fault, and close a session at most once', async () => {
  const real = await clipMessages()
  const message = fc.oneof(
    fc
      .record({
        kind: fc.integer({ min: 0, max: 7 }),
        key: fc.boolean(),
        dtsUs: fc.oneof(fc.nat(5_000_000), fc.maxSafeInteger()),
        rest: fc.uint8Array({ maxLength: 60 }),
      })
      .map(({ kind, key, dtsUs, rest }) => publishMessage(kind, Buffer.from(rest), { key, dtsUs })),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.tuple(fc.constantFrom(...real), fc.nat(60), fc.nat(255)).map(([bytes, at, value]) => {
      const damaged = Buffer.from(bytes)
      if (at < damaged.length) damaged[at] = value
      return damaged
    }),
  )
  const format = fc.constantFrom('frames' as const, 'frames' as const, 'mp4' as const, 'matroska' as const)
  const text = fc.option(fc.oneof(fc.string(), fc.json()), { freq: 9 })
  await fc.assert(
    fc.asyncProperty(format, text, fc.array(message, { maxLength: 16 }), async (chosen, said, messages) => {
      const fixture = await publishing(chosen)
      for (const bytes of messages) fixture.session.receiveBinary(bytes)
      if (said !== null) fixture.session.receiveText(said)
      fixture.clock.nowMs += 600
      fixture.session.tick()
      fixture.session.stop('disconnected')
      assert.deepEqual(fixture.faults, [])
      assert.equal(fixture.closings.length, 1)
    }),
    { numRuns: 4_000 },
  )
})
