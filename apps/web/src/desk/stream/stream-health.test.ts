import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecName, healthAdvice, recordingWarning, streamWarnings } from './stream-health.ts'

const good = { connected: true, bitrateKbps: 2500, fps: 30, keyFrameIntervalMs: 2000, width: 720, height: 1280 }

test('a good stream gives no warning', () => {
  assert.deepEqual(streamWarnings(good), [])
})

test('each fault is named', () => {
  assert.deepEqual(streamWarnings({ ...good, bitrateKbps: 300 }), ['warnBitrateLow'])
  assert.deepEqual(streamWarnings({ ...good, bitrateKbps: 9000 }), ['warnBitrateHigh'])
  assert.deepEqual(streamWarnings({ ...good, fps: 12.5 }), ['warnFps'])
  assert.deepEqual(streamWarnings({ ...good, keyFrameIntervalMs: 10_000 }), ['warnKeyFrame'])
})

test('what is not measured yet, or not connected, is no fault', () => {
  assert.deepEqual(
    streamWarnings({ connected: true, bitrateKbps: 0, fps: 0, keyFrameIntervalMs: 0, width: 0, height: 0 }),
    [],
  )
  assert.deepEqual(streamWarnings({ ...good, connected: false, bitrateKbps: 1 }), [])
})

test('a recording that has stopped is told with its reason', () => {
  assert.equal(recordingWarning(null), undefined)
  assert.equal(recordingWarning({ state: 'on' }), undefined)
  assert.equal(recordingWarning({ state: 'full' }), 'recordingFull')
  assert.equal(recordingWarning({ state: 'failing' }), 'recordingFailing')
  assert.equal(recordingWarning({ state: 'slow' }), 'recordingSlow')
})

test('what the server warns of becomes advice, and codecs get their usual names', () => {
  assert.deepEqual(healthAdvice(['long_gop', 'b_frames', 'sound_gone']), ['adviceB_frames', 'adviceSound_gone'])
  assert.deepEqual(['avc1.64001f', 'hvc1.1.6.L93.B0', 'mp4a.40.2', 'opus', null].map(codecName), [
    'H.264',
    'H.265',
    'AAC',
    'Opus',
    '',
  ])
})
