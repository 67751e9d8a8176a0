import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ffmpegBytes } from '@chunbo/live-media/testing/ffmpeg'
import type { RoomStage } from '../rooms/stage.ts'

const CLIP_S = 12
const GOP = 60
/** Bits a second of picture and sound together. */
export const INGEST_BITS = 1_500_000
const SOUND_BITS = 64_000

export interface LoadClip {
  readonly path: string
  readonly ms: number
}

/** What every publisher of the load sends in a loop: 720p30 with as much grain as fills 1.5 Mbit/s, AAC, a key frame every two seconds. */
export async function drawLoadClip(stage: RoomStage): Promise<LoadClip> {
  const picture = `testsrc2=size=1280x720:rate=30,noise=alls=12:allf=t`
  const bits = String(INGEST_BITS - SOUND_BITS)
  const clip = await ffmpegBytes([
    ...[
      '-f',
      'lavfi',
      '-i',
      picture,
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=440:sample_rate=48000',
      '-t',
      String(CLIP_S),
    ],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-g', String(GOP), '-sc_threshold', '0'],
    ...[
      '-pix_fmt',
      'yuv420p',
      '-b:v',
      bits,
      '-maxrate',
      bits,
      '-bufsize',
      '750k',
      '-c:a',
      'aac',
      '-b:a',
      String(SOUND_BITS),
    ],
    ...['-f', 'flv'],
  ])
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-clip-'))
  stage.atEnd(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'load.flv')
  await writeFile(path, clip)
  stage.say(`each ingest has 720p30 and sound in ${((clip.length * 8) / CLIP_S / 1e6).toFixed(2)} Mbit/s`)
  return { path, ms: CLIP_S * 1000 }
}
