/**
 * Makes clip/peas.flv, the stream of the demo room, from drawings and a tune of this project. It is run by hand when a
 * drawing changes (`node tools/demo/make-clip.ts`, needs ffmpeg); the result is in the tree, because a newcomer's machine
 * has no ffmpeg. H.264 without B-frames, a key frame every 2 s, AAC: what a phone or OBS would send.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { HOST_LOOKS } from './draw/host-figure.ts'
import { FRAME_HEIGHT_PX, FRAME_WIDTH_PX, roomFrame } from './draw/room-scene.ts'

const FRAMES_PER_S = 20
const LENGTH_S = 24
const SAMPLE_RATE = 44_100
const OUTPUT = fileURLToPath(new URL('./clip/peas.flv', import.meta.url))

/** A quiet tune on the pentatonic scale with plucked notes, as a WAV file in bytes: mono, 16 bit. */
function tune(): Buffer {
  const scale = [261.63, 293.66, 329.63, 392.0, 440.0, 523.25, 587.33]
  const melody = [2, 3, 4, 5, 4, 3, 2, 0, 1, 2, 3, 2, 1, 0, 1, 4, 2, 3, 4, 6, 5, 4, 3, 2]
  const samples = new Int16Array(SAMPLE_RATE * LENGTH_S)
  for (let index = 0; index < samples.length; index++) {
    const timeS = index / SAMPLE_RATE
    const note = Math.floor(timeS)
    const sinceNoteS = timeS - note
    const pitch = scale[melody[note % melody.length] ?? 0] ?? 440
    const pluck = Math.exp(-3 * sinceNoteS) * (1 - Math.exp(-400 * sinceNoteS))
    const wave =
      Math.sin(2 * Math.PI * pitch * timeS) +
      0.4 * Math.sin(4 * Math.PI * pitch * timeS) +
      0.3 * Math.sin(Math.PI * pitch * timeS)
    samples[index] = Math.round(wave * pluck * 6500)
  }
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.byteLength, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(SAMPLE_RATE, 24)
  header.writeUInt32LE(SAMPLE_RATE * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([header, Buffer.from(samples.buffer)])
}

const wavPath = join(tmpdir(), `chunbo-tune-${process.pid}.wav`)
await writeFile(wavPath, tune())
const look = HOST_LOOKS[0]
if (!look) throw new Error('no host look')
const encoder = spawn(
  'ffmpeg',
  [
    ...[
      '-y',
      '-loglevel',
      'error',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-s',
      `${FRAME_WIDTH_PX}x${FRAME_HEIGHT_PX}`,
    ],
    ...['-r', String(FRAMES_PER_S), '-i', '-', '-i', wavPath, '-map', '0:v', '-map', '1:a'],
    ...['-c:v', 'libx264', '-preset', 'slow', '-profile:v', 'main', '-bf', '0', '-crf', '20', '-pix_fmt', 'yuv420p'],
    ...[
      '-g',
      String(FRAMES_PER_S * 2),
      '-sc_threshold',
      '0',
      '-c:a',
      'aac',
      '-b:a',
      '56k',
      '-shortest',
      '-f',
      'flv',
      OUTPUT,
    ],
  ],
  { stdio: ['pipe', 'inherit', 'inherit'] },
)
for (let frame = 0; frame < FRAMES_PER_S * LENGTH_S; frame++) {
  const svg = roomFrame('peaPod', look, frame / (FRAMES_PER_S * LENGTH_S))
  const pixels = await sharp(Buffer.from(svg)).flatten({ background: '#ffffff' }).raw().toBuffer()
  if (!encoder.stdin.write(pixels)) await once(encoder.stdin, 'drain')
}
encoder.stdin.end()
const [code] = await once(encoder, 'close')
process.exitCode = Number(code)
