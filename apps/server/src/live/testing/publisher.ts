import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A real ffmpeg that sends a drawn picture with a tone to an RTMP address, in real time, until it is stopped. */
export interface Publisher {
  /** Cuts the connection as a dead battery does. */
  kill(): Promise<void>
  /** Exit code and what it said, when it ends by itself. */
  readonly ended: Promise<{ code: number | null; output: string }>
}

export function publish(url: string, size = '320x180'): Publisher {
  const picture = ['-re', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25`]
  const tone = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100']
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '25', '-c:a', 'aac']
  return run([...picture, ...tone, ...codecs, '-t', '120', '-f', 'flv', url])
}

/** Plays an HLS address to its end and counts the frames that were decoded. */
export async function countFrames(url: string, seconds?: number): Promise<number> {
  const limit = seconds === undefined ? [] : ['-t', String(seconds)]
  const { output } = await run(['-i', url, ...limit, '-map', '0:v', '-f', 'null', '-']).ended
  return Number([...output.matchAll(/frame= *(\d+)/g)].at(-1)?.[1] ?? 0)
}

function run(args: readonly string[]): Publisher {
  const child: ChildProcess = spawn('ffmpeg', ['-hide_banner', '-nostdin', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let output = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }))
  return {
    ended,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
