/** Frames that carry a number in the picture, through the real ffmpeg: clips, a camera that shows the clock, and what a decoder sees. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { ffmpegBytes } from './ffmpeg.ts'
import { type PictureSize, paintPictureCode, readPictureCode } from './picture-code.ts'

/** Pictures behind the code, two seconds of them, then they begin again. */
const backgroundFrames = 60
const [lightLuma, darkLuma, greyChroma] = [235, 16, 128]

export interface CodedShape {
  /** Even, as 4:2:0 wants it. */
  readonly widthPx: number
  readonly heightPx: number
  readonly rate: number
  readonly bitsPerS: number
  /** Frames between key frames. */
  readonly gop: number
  /** A tone as AAC beside the picture. */
  readonly hasSound: boolean
}

const shapeUsual: CodedShape = { widthPx: 640, heightPx: 360, rate: 30, bitsPerS: 1_000_000, gop: 30, hasSound: true }

const yuvBytes = ({ widthPx, heightPx }: PictureSize) => widthPx * heightPx * 1.5

/** Paints a number into a planar 4:2:0 picture. */
function paintYuv(frame: Buffer, size: PictureSize, value: number): void {
  const { widthPx, heightPx } = size
  paintPictureCode(value, size, (cell, isLight) => {
    for (let y = cell.topPx; y < cell.topPx + cell.heightPx; y += 1) {
      const at = y * widthPx + cell.leftPx
      frame.fill(isLight ? lightLuma : darkLuma, at, at + cell.widthPx)
    }
  })
  const planeBytes = widthPx * heightPx
  const bandBytes = Math.ceil(heightPx / 8) * (widthPx / 2)
  for (const start of [planeBytes, planeBytes * 1.25]) frame.fill(greyChroma, start, start + bandBytes)
}

/** Moving pictures as raw bytes, one after the other. */
function drawBackgrounds({ widthPx, heightPx, rate }: CodedShape): Promise<Buffer> {
  const source = `testsrc2=size=${widthPx}x${heightPx}:rate=${rate}`
  return ffmpegBytes(['-f', 'lavfi', '-i', source, '-frames:v', String(backgroundFrames), ...rawOutput('yuv420p')])
}

const rawOutput = (pixels: string) => ['-f', 'rawvideo', '-pix_fmt', pixels]

/** Takes raw frames from standard input and gives H.264 as a camera app would: no B-frames, nothing held back. */
function encoderArgs(shape: CodedShape, live: boolean): string[] {
  const { widthPx, heightPx, rate, bitsPerS, gop, hasSound } = shape
  const clock = live ? ['-fflags', 'nobuffer', '-probesize', '32', '-use_wallclock_as_timestamps', '1'] : []
  const tone = [...(live ? ['-re'] : []), '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000']
  return [
    ...[...clock, ...rawOutput('yuv420p'), '-s', `${widthPx}x${heightPx}`, '-r', String(rate), '-i', 'pipe:0'],
    ...(hasSound ? [...tone, '-c:a', 'aac', '-b:a', '64k', '-shortest'] : []),
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', String(gop), '-sc_threshold', '0'],
    ...['-b:v', String(bitsPerS), '-maxrate', String(bitsPerS), '-bufsize', String(bitsPerS), '-f', 'flv'],
  ]
}

/** Draws a clip whose frame `index` shows `codeOf(index)`, which is its time in milliseconds unless told; H.264 as FLV. */
export async function drawCodedClip(
  seconds: number,
  told: Partial<CodedShape> = {},
  codeOf?: (index: number) => number,
): Promise<Buffer> {
  const shape = { ...shapeUsual, ...told }
  const backgrounds = await drawBackgrounds(shape)
  const child = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...encoderArgs(shape, false), '-'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const pieces: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => pieces.push(bytes))
  const ended = once(child, 'close') as Promise<[number | null]>
  for (let index = 0; index < seconds * shape.rate; index += 1) {
    const frame = backgroundAt(backgrounds, shape, index)
    paintYuv(frame, shape, codeOf?.(index) ?? Math.round((index * 1000) / shape.rate))
    // A copy: the pipe may still hold the frame when its background is painted over.
    await write(child.stdin, Buffer.from(frame))
  }
  child.stdin.end()
  const [code] = await ended
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`)
  return Buffer.concat(pieces)
}

function backgroundAt(backgrounds: Buffer, size: PictureSize, index: number): Buffer {
  const bytes = yuvBytes(size)
  return backgrounds.subarray((index % backgroundFrames) * bytes, ((index % backgroundFrames) + 1) * bytes)
}

async function write(stream: Writable, bytes: Buffer): Promise<void> {
  if (!stream.write(bytes)) await once(stream, 'drain')
}

export interface CodedCamera {
  readonly child: ChildProcess
  /** Frames shown, and those left out because the encoder did not keep up. */
  frames(): { shown: number; leftOut: number }
  /** Ends the publish in good order. Idempotent. */
  stop(): Promise<void>
}

/** A camera that films the wall clock in milliseconds, encoded and published by ffmpeg to an `rtmp:` address. */
export async function openCodedCamera(url: string, told: Partial<CodedShape> = {}): Promise<CodedCamera> {
  const shape = { ...shapeUsual, ...told }
  const backgrounds = await drawBackgrounds(shape)
  const args = ['-hide_banner', '-loglevel', 'error', ...encoderArgs(shape, true), url]
  const child = spawn('ffmpeg', args, { stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = once(child, 'close')
  child.stdin.on('error', () => {})
  const startMs = performance.now()
  let [shown, leftOut] = [0, 0]
  let timer: NodeJS.Timeout
  const show = () => {
    const index = shown + leftOut
    if (child.stdin.writableNeedDrain) leftOut += 1
    else {
      const frame = backgroundAt(backgrounds, shape, index)
      paintYuv(frame, shape, Date.now())
      child.stdin.write(Buffer.from(frame))
      shown += 1
    }
    timer = setTimeout(show, Math.max(0, startMs + ((index + 1) * 1000) / shape.rate - performance.now()))
  }
  show()
  return {
    child,
    frames: () => ({ shown, leftOut }),
    async stop() {
      clearTimeout(timer)
      child.stdin.end()
      const late = setTimeout(() => child.kill('SIGKILL'), 3_000)
      await ended
      clearTimeout(late)
    },
  }
}

/**
 * The numbers in the pictures of a file, a playlist or a stream of bytes, in the order of showing, as ffmpeg decodes them; null where
 * a picture has none. `scaledTo` looks at it through another size.
 */
export async function readCodes(
  source: string | Buffer,
  size: PictureSize,
  scaledTo: PictureSize = size,
): Promise<(number | null)[]> {
  const scale = scaledTo === size ? [] : ['-vf', `scale=${scaledTo.widthPx}:${scaledTo.heightPx}`]
  const input = typeof source === 'string' ? source : 'pipe:0'
  const args = ['-hide_banner', '-loglevel', 'error', '-i', input, '-an', ...scale, '-fps_mode', 'passthrough']
  const child = spawn('ffmpeg', [...args, ...rawOutput('gray'), '-'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close') as Promise<[number | null]>
  child.stdin.on('error', () => {}).end(typeof source === 'string' ? undefined : source)
  const codes: (number | null)[] = []
  for await (const frame of framesOf(child.stdout, scaledTo.widthPx * scaledTo.heightPx)) {
    codes.push(readPictureCode(scaledTo, (x, y) => frame[y * scaledTo.widthPx + x] ?? 0))
  }
  const [code] = await ended
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`)
  return codes
}

/** Cuts a stream into pieces of one size. */
async function* framesOf(stream: Readable, bytes: number): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let held = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    pieces.push(chunk)
    held += chunk.length
    if (held < bytes) continue
    const whole = Buffer.concat(pieces)
    let at = 0
    for (; at + bytes <= whole.length; at += bytes) yield whole.subarray(at, at + bytes)
    pieces = [whole.subarray(at)]
    held = whole.length - at
  }
}
