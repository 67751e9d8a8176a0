import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLiveHub } from './live-hub.ts'
import type { Chunk } from './mux/chunker.ts'
import { clip, isVideo } from './testing/clips.ts'
import { feed } from './testing/feed.ts'
import { ffmpegBytes, watch } from './testing/ffmpeg.ts'

/** What browser ingest and sockets will stand on: another way in than RTMP, and chunks out as they are made. */

/** Packets of an Ogg file with one stream (RFC 3533), without the two that only describe it. */
function oggPackets(file: Buffer): Buffer[] {
  const packets: Buffer[] = []
  let pieces: Buffer[] = []
  let at = 0
  while (at < file.length) {
    const segments = file.readUInt8(at + 26)
    let dataAt = at + 27 + segments
    for (const length of file.subarray(at + 27, at + 27 + segments)) {
      pieces.push(file.subarray(dataAt, dataAt + length))
      dataAt += length
      if (length === 255) continue
      packets.push(Buffer.concat(pieces))
      pieces = []
    }
    at = dataAt
  }
  return packets.slice(2)
}

test('a socket that joins in the middle plays from the last key frame on, and H.264 with Opus passes through', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-seam-'))
  t.after(() => rm(folder, { recursive: true }))
  const hub = createLiveHub({ storage: null })
  const answer = await hub.openIngest({ roomId: 1, protocol: 'webcodecs', onEvicted: () => {} })
  assert.equal(answer.kind, 'opened')
  const { sink, stream } = answer
  const opus = ['-f', 'lavfi', '-i', 'sine=sample_rate=48000', '-t', '4', '-c:a', 'libopus', '-f', 'ogg']
  const sounds = oggPackets(await ffmpegBytes(opus)).map((data, i) => ({ dtsMs: i * 20, data }))
  const pictures = (await clip({ seconds: 4 })).filter(isVideo)
  sink.setAudio({ codec: 'opus', channels: 1 })
  const play = (fromMs: number, toMs: number): void => {
    for (const picture of pictures.filter(({ timestampMs }) => timestampMs >= fromMs && timestampMs < toMs)) {
      feed(sink, [picture])
      while (sounds[0] && sounds[0].dtsMs <= picture.timestampMs) sink.audio(sounds.shift() ?? assert.fail())
    }
  }
  play(0, 2_500)
  const received: Chunk[] = []
  const { backlog, stop } = stream.onChunk((chunk) => received.push(chunk))
  assert.equal(backlog[0]?.key, true)
  assert.equal(backlog[0]?.startMs, 2_000)
  assert.equal(stream.init?.codecs, 'avc1.42c01e,opus')
  play(2_500, 4_000)
  sink.end('stopped')
  stop()

  const path = join(folder, 'joined.mp4')
  const chunks = [...backlog, ...received]
  await writeFile(path, Buffer.concat([backlog[0]?.init.bytes ?? assert.fail(), ...chunks.map(({ bytes }) => bytes)]))
  const { frames, audioFrames, errors } = await watch(path)
  assert.equal(frames, 60)
  assert.ok(audioFrames >= 98 && audioFrames <= 102, `${audioFrames} audio frames`)
  assert.equal(errors, '')
  await hub.close()
})
