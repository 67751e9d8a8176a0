/** A host's camera: ffmpeg publishes a drawn test picture and a tone over RTMP, in real time, until it is stopped. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Camera {
  stop(): Promise<void>
}

/** `url` is rtmp://host:port/live/key. Portrait, 25 frames a second, a key frame every second. */
export function startCamera(url: string): Camera {
  const child = spawn(
    'ffmpeg',
    [
      ...['-hide_banner', '-loglevel', 'error', '-re'],
      ...[
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=360x640:rate=25',
        '-f',
        'lavfi',
        '-i',
        'sine=frequency=440:sample_rate=44100',
      ],
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-tune',
        'zerolatency',
        '-profile:v',
        'baseline',
        '-pix_fmt',
        'yuv420p',
      ],
      ...['-g', '25', '-b:v', '600k', '-c:a', 'aac', '-b:a', '64k', '-f', 'flv', url],
    ],
    { stdio: ['ignore', 'ignore', 'ignore'] },
  )
  return { stop: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
