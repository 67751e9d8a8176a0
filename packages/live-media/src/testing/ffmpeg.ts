import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface FfmpegRun {
  child: ChildProcess
  /** Exit code and everything it said. */
  done: Promise<{ code: number | null; output: string }>
}

/** Starts the real ffmpeg; the caller awaits `done` or kills `child`. */
export function runFfmpeg(args: readonly string[]): FfmpegRun {
  const child = spawn('ffmpeg', ['-hide_banner', '-nostdin', ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  return { child, done: once(child, 'close').then(([code]) => ({ code: code as number | null, output })) }
}

export interface ClipShape {
  seconds: number
  /** As in `640x360`. */
  size?: string
  rate?: number
  audio?: boolean
  /** Frames between key frames. */
  gop?: number
  bFrames?: boolean
}

/** Arguments that draw a moving test picture with a tone, H.264 and AAC, as FLV. */
export function clipArgs(shape: ClipShape): string[] {
  const { seconds, size = '640x360', rate = 30, audio = true, gop = rate, bFrames = false } = shape
  const source = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}`]
  const tone = audio ? ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100', '-c:a', 'aac'] : []
  const video = ['-c:v', 'libx264', '-preset', bFrames ? 'veryfast' : 'ultrafast', '-g', String(gop), '-b:v', '1M']
  const tune = bFrames ? ['-bf', '2', '-sc_threshold', '0'] : ['-tune', 'zerolatency']
  const [toneInput = [], toneCodec = []] = [tone.slice(0, 4), tone.slice(4)]
  return [...source, ...toneInput, '-t', String(seconds), ...video, ...tune, ...toneCodec, '-f', 'flv']
}

/** Draws a clip and returns the FLV file's bytes. */
export function drawClip(shape: ClipShape): Promise<Buffer> {
  return ffmpegBytes(clipArgs(shape))
}

/** Runs ffmpeg and returns what it writes. */
export async function ffmpegBytes(outputArgs: readonly string[]): Promise<Buffer> {
  const args = ['-hide_banner', '-nostdin', '-loglevel', 'error', ...outputArgs, '-']
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const pieces: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => pieces.push(bytes))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`)
  return Buffer.concat(pieces)
}

/** What a client sees in a stream: every frame it decoded, with its size, and what went wrong. */
export interface Watched {
  code: number | null
  frames: number
  sizes: Record<string, number>
  audioFrames: number
  errors: string
}

/** Plays a playlist to its end, or for `seconds`, with ffmpeg as the client, and counts decoded frames. */
export async function watch(url: string, seconds?: number): Promise<Watched> {
  const limit = seconds === undefined ? [] : ['-t', String(seconds)]
  const filters = ['-vf', 'showinfo', '-af', 'ashowinfo', '-autoscale', '0']
  const { code, output } = await runFfmpeg(['-i', url, ...limit, ...filters, '-f', 'null', '-']).done
  const sizes: Record<string, number> = {}
  for (const [, size = ''] of output.matchAll(/Parsed_showinfo.* n: *\d+ .* s:(\d+x\d+) /g)) {
    sizes[size] = (sizes[size] ?? 0) + 1
  }
  const frames = Object.values(sizes).reduce((sum, count) => sum + count, 0)
  const audioFrames = [...output.matchAll(/Parsed_ashowinfo.* n:\d+ /g)].length
  const errors = output
    .split('\n')
    .filter((line) => /error|invalid|non.existing|overread|corrupt|Non-monoton|concealing/i.test(line))
    .join('\n')
  return { code, frames, sizes, audioFrames, errors }
}
