import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FromMedia, ToMedia } from '../../../apps/server/src/live/media-words.ts'
import { onCore, SERVER_CORE } from '../rooms/child-link.ts'
import type { RoomStage } from '../rooms/stage.ts'

const ENTRY = fileURLToPath(new URL('../../../apps/server/src/live/media-process.ts', import.meta.url))

/** The media process as the server forks it, alone on the core of the server. Everybody may publish and watch. */
export interface Media {
  readonly pid: number
  readonly rtmpPort: number
  /** Port that a front asks: no byte passes another process. */
  readonly httpPort: number
  stop(): Promise<void>
}

/** `mediaPort` is the bench's own; the stream key `room-7` publishes in room 7. */
export async function openMedia(
  stage: RoomStage,
  mediaPort: number,
  nodeOptions: readonly string[] = [],
): Promise<Media> {
  const folder = await mkdtemp(join(tmpdir(), 'chunbo-video-'))
  const [program, args] = onCore(SERVER_CORE, process.execPath, [...nodeOptions, ENTRY])
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const stop = stage.atEnd(async () => {
    await end(child)
    await rm(folder, { recursive: true, force: true })
  })
  const say = (word: ToMedia) => void child.send(word, () => {})
  const listening = new Promise<Extract<FromMedia, { kind: 'listening' }>>((resolve, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`the media process ended with ${signal ?? code}`)))
    child.on('message', (word: FromMedia) => {
      if (word.kind === 'listening') resolve(word)
      else if (word.kind === 'refused') reject(new Error(word.message))
      else if (word.kind === 'ask') say({ kind: 'answer', id: word.id, answer: answerTo(word) })
    })
  })
  say({
    kind: 'start',
    settings: {
      rtmpPort: 0,
      mediaPort,
      publicUrl: `http://127.0.0.1:${mediaPort}`,
      trustProxy: false,
      storage: { kind: 'folder', root: folder },
      freeBytesMin: 0,
      limits: {},
      ladders: 0,
      streamKeySecret: Buffer.alloc(32).toString('base64'),
      secret: 'nobody needs it here',
      logLevel: 'error',
    },
  })
  const { rtmpPort, httpPort } = await listening
  return { pid: child.pid ?? 0, rtmpPort, httpPort, stop }
}

function answerTo(word: Extract<FromMedia, { kind: 'ask' }>): unknown {
  switch (word.name) {
    case 'authorise': {
      const roomId = /^room-(\d+)$/.exec(word.ask.streamKey)?.[1]
      return roomId === undefined ? null : { roomId: Number(roomId) }
    }
    case 'isPublic':
      return true
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.send({ kind: 'close' } satisfies ToMedia, () => {})
  const late = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await exit
  clearTimeout(late)
}
