import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { type TestContext, test } from 'node:test'
import { MatroskaReader } from '../browser/matroska-reader.ts'
import { FlvReader } from '../rtmp/flv-reader.ts'
import { readFlvTags } from '../rtmp/flv-tags.ts'
import { clipArgs, drawClip, ffmpegBytes, runFfmpeg, watch } from '../testing/ffmpeg.ts'
import { type MediaServer, startMediaServer } from '../testing/media-server.ts'
import { rungsFor } from './ladder-rungs.ts'
import { findFfmpeg } from './ladders.ts'

/** A real ffmpeg publishes, and a real ffmpeg makes smaller renditions of it, which a third one plays. */

const impatient = { ladders: 1, silentMs: 1_500, retryMs: 100, retryMsMax: 400 }
const small = { size: '960x540', rate: 15, gop: 15, seconds: 90 }

function publishTo(t: TestContext, server: MediaServer, roomId: number): void {
  const { child } = runFfmpeg(['-re', ...clipArgs(small), server.publishUrl(`room-${roomId}`)])
  t.after(() => child.kill('SIGKILL'))
}

async function textOf(server: MediaServer, path: string, roomId = 1): Promise<string> {
  const answer = await fetch(server.mediaUrl(roomId, path))
  return answer.ok ? answer.text() : `status ${answer.status}`
}

/** Asks again until the text is as wanted; the runner's time limit is the only other end. */
async function whenText(server: MediaServer, path: string, wanted: RegExp, roomId = 1): Promise<string> {
  for (;;) {
    const text = await textOf(server, path, roomId)
    if (wanted.test(text)) return text
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The ffmpegs that this process has started to make renditions. */
async function renditionPids(): Promise<number[]> {
  const pids: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const read = (file: string) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')
    const parent = Number((await read('stat')).split(') ')[1]?.split(' ')[1])
    if (parent === process.pid && (await read('cmdline')).includes('pipe:0')) pids.push(Number(name))
  }
  return pids
}

/** Date and length of each segment that a playlist lists, by its name. */
function segmentsOf(playlist: string): Map<string, string> {
  const lines = /PROGRAM-DATE-TIME:(\S+)\n(?:#EXT-X-PART:.*\n)*#EXTINF:(\S+),\n(seg-\d+\.m4s)/g
  return new Map([...playlist.matchAll(lines)].map(([, date, length, name = '']) => [name, `${date} ${length}`]))
}

const everything = /^480\/live.m3u8\n[\s\S]*^360\/live.m3u8/m

test('renditions have their sizes, the segments of the source, and report on each other', async (t) => {
  const server = await startMediaServer(t, { ladders: impatient })
  publishTo(t, server, 1)
  const master = await whenText(server, 'master.m3u8', everything)
  assert.match(master, /BANDWIDTH=\d+,CODECS="avc1\.\w+,mp4a\.40\.2",RESOLUTION=960x540,FRAME-RATE=[\d.]+\nlive\.m3u8/)
  assert.match(master, /CODECS="avc1\.4d\w+,mp4a\.40\.2",RESOLUTION=854x480,.*\n480\/live\.m3u8/)
  const seen = await watch(server.mediaUrl(1, '360/live.m3u8'), 3)
  assert.deepEqual([Object.keys(seen.sizes), seen.errors], [['640x360'], ''])
  assert.ok(seen.frames >= 40 && seen.audioFrames > 0)
  const whole = await watch(server.mediaUrl(1, 'master.m3u8'), 2)
  assert.ok(whole.frames >= 20, 'the master playlist plays')

  const [source, smaller] = [await textOf(server, 'live.m3u8'), await textOf(server, '480/live.m3u8')]
  const [ofSource, ofSmaller] = [segmentsOf(source), segmentsOf(smaller)]
  const shared = [...ofSmaller.keys()].filter((name) => ofSource.has(name))
  assert.ok(shared.length >= 2)
  for (const name of shared) assert.equal(ofSmaller.get(name), ofSource.get(name), name)
  assert.match(source, /RENDITION-REPORT:URI="480\/live\.m3u8",LAST-MSN=\d+,LAST-PART=\d+\n/)
  assert.match(smaller, /RENDITION-REPORT:URI="\.\.\/360\/live\.m3u8",LAST-MSN=\d+,LAST-PART=\d+\n/)
  assert.match(smaller, /RENDITION-REPORT:URI="\.\.\/live\.m3u8",LAST-MSN=\d+,LAST-PART=\d+\n/)
  assert.doesNotMatch(await textOf(server, 'live.m3u8?ll=0'), /RENDITION-REPORT/)
  for (const path of ['720/live.m3u8', '480/index.ndjson', '480/', '240/live.m3u8'])
    assert.equal(await textOf(server, path), 'status 404', path)

  await server.hub.endStream(1)
  assert.match(await textOf(server, '480/live.m3u8'), /#EXT-X-ENDLIST/)
  assert.deepEqual(await renditionPids(), [])
})

test('an ffmpeg that is killed or hangs takes its renditions along, not the source, and they come back', async (t) => {
  const server = await startMediaServer(t, { ladders: impatient })
  publishTo(t, server, 1)
  const health = () => server.hub.stream(1)?.health()
  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    await whenText(server, 'master.m3u8', everything)
    const [pid = 0, ...others] = await renditionPids()
    assert.deepEqual(others, [])
    process.kill(pid, signal)
    const alone = await whenText(server, 'master.m3u8', /^(?![\s\S]*480\/live)/)
    assert.match(alone, /\nlive\.m3u8\n$/)
    assert.equal(health()?.state, 'publishing')
  }
  const back = await whenText(server, 'master.m3u8', everything)
  assert.match(back, /RESOLUTION=640x360/)
  assert.equal(health()?.clockJumps, 0)
  assert.equal(health()?.droppedFrames, 0)
  assert.deepEqual(server.published, ['start 1'])
})

test('no more rooms have renditions than the machine is to carry, and a free place is taken', async (t) => {
  const server = await startMediaServer(t, { ladders: impatient })
  publishTo(t, server, 1)
  await whenText(server, 'master.m3u8', everything)
  publishTo(t, server, 2)
  assert.doesNotMatch(await whenText(server, 'master.m3u8', /live/, 2), /480/)
  assert.equal((await renditionPids()).length, 1)
  await server.hub.endStream(1)
  await whenText(server, 'master.m3u8', everything, 2)
})

test('sound in Opus gets a rendition in AAC with the picture untouched, and smaller ones in AAC too', async (t) => {
  const server = await startMediaServer(t, { ladders: impatient })
  const answer = await server.hub.openIngest({ roomId: 1, protocol: 'webcodecs', onEvicted: () => {} })
  assert.ok(answer.kind === 'opened')
  const reader = new MatroskaReader(answer.sink)
  const picture = [
    '-re',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=640x480:rate=15',
    '-f',
    'lavfi',
    '-i',
    'sine=sample_rate=48000',
  ]
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '15', '-c:a', 'libopus']
  const args = ['-v', 'error', '-nostdin', ...picture, ...coding, '-t', '60', '-f', 'matroska', '-live', '1', '-']
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.on('data', (bytes: Buffer) => reader.receive(bytes))
  t.after(() => child.kill('SIGKILL'))
  const master = await whenText(server, 'master.m3u8', /^aac\/live.m3u8\n[\s\S]*^360\/live.m3u8/m)
  assert.match(master, /CODECS="avc1\.(\w+),opus".*\nlive\.m3u8\n.*CODECS="avc1\.\1,mp4a\.40\.2",RESOLUTION=640x480/)
  for (const [name, size] of [
    ['aac', '640x480'],
    ['360', '480x360'],
  ]) {
    const seen = await watch(server.mediaUrl(1, `${name}/live.m3u8`), 2)
    assert.deepEqual([Object.keys(seen.sizes), seen.errors], [[size], ''])
    assert.ok(seen.audioFrames > 0)
  }
})

test('rungs are smaller than their source, upright or across, and keep its shape', () => {
  const sizes = (widthPx: number, heightPx: number, codecs = 'avc1.64001f,mp4a.40.2') =>
    rungsFor({ widthPx, heightPx, codecs }).map(
      ({ name, widthPx: w, heightPx: h, audio }) => `${name} ${w}x${h} ${audio}`,
    )
  assert.deepEqual(sizes(1920, 1080), ['720 1280x720 copy', '480 854x480 copy', '360 640x360 copy'])
  assert.deepEqual(sizes(720, 1280, 'avc1.64001f,opus'), [
    'aac 720x1280 encode',
    '480 480x854 encode',
    '360 360x640 encode',
  ])
  assert.deepEqual(sizes(640, 480, 'hvc1.1.6.L93.B0,opus'), ['360 480x360 encode'])
  assert.deepEqual(sizes(640, 480, 'avc1.64001f'), ['360 480x360 none'])
  assert.deepEqual(sizes(480, 270), [])
  assert.deepEqual(sizes(0, 0, 'mp4a.40.2'), [])
})

test('FLV is read the same in pieces of any size, and what is not FLV is refused', async () => {
  const file = await drawClip({ seconds: 1 })
  const wanted = readFlvTags(file)
  for (const bytes of [1, 7, 1_000, 65_536]) {
    const reader = new FlvReader()
    const tags = Array.from({ length: Math.ceil(file.length / bytes) }, (_, piece) =>
      reader.push(file.subarray(piece * bytes, (piece + 1) * bytes)),
    ).flat()
    assert.equal(tags.length, wanted.length)
    assert.deepEqual(tags.at(-1), wanted.at(-1))
  }
  assert.throws(() => new FlvReader().push(Buffer.from('RIFF0000WAVE')), RangeError)
  const long = Buffer.concat([file.subarray(0, 13), Buffer.from([9, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0])])
  assert.throws(() => new FlvReader().push(long), RangeError)
})

test('ffmpeg is looked for in PATH, and not having it is no fault', async () => {
  assert.equal(findFfmpeg('/nowhere:'), null)
  assert.match(findFfmpeg() ?? '', /\/ffmpeg$/)
  assert.ok((await ffmpegBytes(['-f', 'lavfi', '-i', 'sine', '-t', '0.1', '-f', 's16le'])).length > 0)
})
