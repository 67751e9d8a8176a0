import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import { makeStillMp4, type Still } from './still-picture.ts'

const timeoutMs = 10_000
const pictureBytesMax = 1024 * 1024
const queueMax = 64
/** A frame of 4K takes 12 MB and a decoder holds several; what asks for more is not a camera. */
const allocBytesMax = 256 * 1024 * 1024

/**
 * Makes JPEG pictures of key frames by the ffmpeg of the machine: one process at a time, of the lowest priority, reading
 * from us alone and given no more than 10 s. What a stranger publishes is decoded here, so it gets no file, no network and
 * no secret of ours.
 */
export interface PictureMaker {
  /** Pictures no wider than `widthPx`, in order; null when they could not be made or too many wait. */
  make(stills: readonly Still[], widthPx: number): Promise<Buffer[] | null>
  /** Ends what runs; afterwards nothing is made. */
  close(): Promise<void>
}

/** Null when the machine has no ffmpeg. */
export async function openPictureMaker(command = 'ffmpeg'): Promise<PictureMaker | null> {
  const child = spawn(command, ['-hide_banner', '-version'], { stdio: 'ignore' })
  const works = await once(child, 'close').then(
    ([code]) => code === 0,
    () => false,
  )
  return works ? new Queue(command) : null
}

class Queue implements PictureMaker {
  readonly #command: string
  readonly #ended = new AbortController()
  #waiting = 0
  #work: Promise<unknown> = Promise.resolve()

  constructor(command: string) {
    this.#command = command
  }

  async make(stills: readonly Still[], widthPx: number): Promise<Buffer[] | null> {
    const [first, ...others] = stills
    if (!first || this.#waiting >= queueMax) return null
    this.#waiting++
    const made = this.#work.then(() => this.#run(makeStillMp4([first, ...others]), widthPx, stills.length))
    this.#work = made.catch(() => {}).finally(() => this.#waiting--)
    return made.catch(() => null)
  }

  async close(): Promise<void> {
    this.#ended.abort()
    await this.#work
  }

  async #run(mp4: Buffer, widthPx: number, count: number): Promise<Buffer[] | null> {
    if (this.#ended.signal.aborted) return null
    const child = spawn(this.#command, argsFor(widthPx), {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH },
      signal: AbortSignal.any([this.#ended.signal, AbortSignal.timeout(timeoutMs)]),
      killSignal: 'SIGKILL',
    })
    if (child.pid) lowerPriority(child.pid)
    child.stdin.on('error', () => {}).end(mp4)
    const pieces: Buffer[] = []
    let bytes = 0
    child.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes > pictureBytesMax * count) child.kill('SIGKILL')
      else pieces.push(piece)
    })
    const [code] = (await once(child, 'close')) as [number | null]
    const pictures = splitPictures(Buffer.concat(pieces))
    return code === 0 && pictures.length === count ? pictures : null
  }
}

function argsFor(widthPx: number): string[] {
  const input = ['-protocol_whitelist', 'pipe', '-threads', '1', '-f', 'mp4', '-i', 'pipe:0']
  const filter = `scale=w=min(${widthPx}\\,iw):h=-2:flags=area,format=yuvj420p`
  const output = [
    '-fps_mode',
    'passthrough',
    '-threads',
    '1',
    '-c:v',
    'mjpeg',
    '-q:v',
    '5',
    '-f',
    'image2pipe',
    'pipe:1',
  ]
  const quiet = ['-hide_banner', '-nostdin', '-loglevel', 'quiet', '-max_alloc', String(allocBytesMax)]
  return [...quiet, ...input, '-an', '-sn', '-dn', '-vf', filter, ...output]
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // It has ended already, or the machine does not let us; it is one process at a time either way.
  }
}

/** JPEG files one behind the other: within one, a byte FF is always followed by something else than D8. */
function splitPictures(bytes: Buffer): Buffer[] {
  const begin = Buffer.from([0xff, 0xd8])
  const pictures: Buffer[] = []
  for (let at = bytes.indexOf(begin); at >= 0; ) {
    const next = bytes.indexOf(begin, at + begin.length)
    pictures.push(bytes.subarray(at, next < 0 ? bytes.length : next))
    at = next
  }
  return pictures
}
