/**
 * The media process: everything that touches a byte of video. It is forked by the server, knows no database, asks the server who may publish,
 * and ends by itself when the server is gone, however that ended.
 */
import { once } from 'node:events'
import type { Server } from 'node:http'
import {
  createLadders,
  createLiveHub,
  createMediaHandler,
  createPublishSockets,
  createRtmpServer,
  createViewerSockets,
  FlvViewers,
  findFfmpeg,
  type Ladders,
  type LiveHub,
  type MediaEvents,
  openPictureMaker,
  type PublishSockets,
  type RtmpServer,
  Thumbnailer,
  type ViewerSockets,
} from '@chunbo/live-media'
import { createLog, type Log } from '../platform/log.ts'
import { openStorage, storageFolder } from '../platform/storage.ts'
import { keyOfStream } from './cluster-stream.ts'
import { createMediaFront } from './media-front.ts'
import { Arrivals } from './media-handover.ts'
import {
  Asker,
  type FromMedia,
  type MediaEventName,
  type MediaQuestions,
  type MediaSettings,
  readToMedia,
  type ToMedia,
} from './media-words.ts'
import { isSignedStreamKey } from './stream-key.ts'

const PULSE_MS = 1_000
const AUTHORISE_MS = 4_000
/** Time for recordings to be stored and last answers to leave; the server waits a little longer before it kills. */
const CLOSE_MS = 2_000
const BACKLOG = 4_096
/** A media process whose server was killed lets the port go within this time; the next one waits for it. */
const PORT_WAIT_MS = 1_000
const EVENTS: readonly MediaEventName[] = [
  'publish.started',
  'publish.refused',
  'video.arrived',
  'publish.ended',
  'stream.ended',
  'recording.failed',
  'recording.changed',
]

interface Running {
  readonly hub: LiveHub
  readonly rtmp: RtmpServer
  readonly http: Server
  readonly viewers: ViewerSockets
  readonly ladders: Ladders | null
  readonly publishers: PublishSockets
}

let running: Running | null = null
let ending = false

function say(word: FromMedia): void {
  // A server that is gone is told of by 'disconnect'; what could not be said to it does not matter any more.
  if (process.connected) process.send?.(word, () => {})
}
const arrivals = new Arrivals((handed, request, socket, head) => {
  if (!running) socket.destroy()
  else if (handed.as === 'viewer') running.viewers.accept(request, socket, head, handed)
  else running.publishers.accept(request, socket, head, handed)
})
const asker = new Asker<MediaQuestions>(say)

/** Listens, waiting a little for a port that the process before is letting go. */
async function listen<T>(attempt: () => Promise<T>): Promise<T> {
  const deadlineMs = performance.now() + PORT_WAIT_MS
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || performance.now() > deadlineMs) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

async function listenHttp(http: Server, mediaPort: number | null): Promise<number> {
  const place = mediaPort === null ? { port: 0, host: '127.0.0.1' } : { port: mediaPort }
  http.listen({ ...place, backlog: BACKLOG })
  await once(http, 'listening')
  const address = http.address()
  return typeof address === 'object' && address ? address.port : 0
}

function tellOfEvents(hub: LiveHub): void {
  for (const name of EVENTS) {
    hub.events.on(name, ({ roomId }: MediaEvents[MediaEventName][0]) =>
      say({
        kind: 'event',
        name,
        roomId,
        health: hub.stream(roomId)?.health() ?? null,
        refusal: hub.lastRefusal(roomId),
      }),
    )
  }
}

/** Renditions, where they are wanted and the machine has ffmpeg; everything else goes on without. */
function openLadders({ ladders, limits }: MediaSettings, hub: LiveHub, log: Log): Ladders | null {
  if (ladders === 0) return null
  const ffmpeg = findFfmpeg()
  if (ffmpeg) return createLadders({ hub, ffmpeg, limits: { ladders }, streamLimits: limits, log })
  log.warn('LADDER is on, but there is no ffmpeg in PATH: no renditions are made')
  return null
}

async function start(settings: MediaSettings): Promise<void> {
  const log = createLog(settings.logLevel)
  const storage = storageFolder(openStorage(settings.storage), 'recordings')
  const maker = await openPictureMaker()
  const thumbnailer = maker && new Thumbnailer(maker, storage, log)
  const hub = createLiveHub({
    storage,
    log,
    freeBytesMin: settings.freeBytesMin,
    limits: settings.limits,
    onStored: (roomId, line, segment) => thumbnailer?.offer(roomId, line, segment),
  })
  hub.events.on('stream.ended', ({ roomId }) => void thumbnailer?.finish(roomId))
  tellOfEvents(hub)
  const keySecret = Buffer.from(settings.streamKeySecret, 'base64')
  const rtmp = createRtmpServer({
    port: settings.rtmpPort,
    hub,
    log,
    isOwnKey: (stream) => isSignedStreamKey(keyOfStream(stream) ?? '', keySecret),
    authorise: (streamKey, { address }) => asker.ask('authorise', { streamKey, address }, AUTHORISE_MS),
  })
  const ladders = openLadders(settings, hub, log)
  const viewers = createViewerSockets({ hub })
  const publishers = createPublishSockets({ hub, log })
  const flv = new FlvViewers({ hub })
  const http = createMediaFront({
    settings,
    handler: createMediaHandler({ hub, storage, pictures: maker, ladders }),
    viewers,
    flv,
    log,
    isClosing: () => ending,
    isPublic: (roomId) => asker.ask('isPublic', { roomId }, AUTHORISE_MS),
  })
  let port = settings.rtmpPort
  try {
    const bound = await listen(() => rtmp.listen())
    port = settings.mediaPort ?? 0
    const httpPort = await listen(() => listenHttp(http, settings.mediaPort))
    running = { hub, rtmp, http, viewers, ladders, publishers }
    say({ kind: 'listening', rtmpPort: bound.port, httpPort })
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    process.send?.({ kind: 'refused', code, port, message } satisfies FromMedia, () => process.exit(1))
    return
  }
  setInterval(() => {
    const streams = hub.streams().map((stream) => stream.health())
    say({ kind: 'pulse', streams, viewers: viewers.counts() })
  }, PULSE_MS)
}

/** Lets nobody in any more, stores what is under way, and goes. */
async function end(): Promise<void> {
  if (ending) return
  ending = true
  setTimeout(() => process.exit(0), CLOSE_MS)
  if (running) {
    const { hub, rtmp, http, viewers, ladders, publishers } = running
    const closed = once(http, 'close')
    http.close()
    // Before their streams end: they are to come back to the next process, and not to take the show for over.
    viewers.close()
    publishers.close()
    await rtmp.close()
    await hub.close()
    ladders?.close()
    http.closeIdleConnections()
    // What is still being answered may take the rest of the time.
    await closed
  }
  process.exit(0)
}

async function answerEnd(id: number, ask: { roomId: number; reason: string }): Promise<void> {
  await running?.hub.endStream(ask.roomId, ask.reason)
  say({ kind: 'answer', id, answer: null })
}

function hear(word: ToMedia, socket: unknown): void {
  switch (word.kind) {
    case 'start':
      void start(word.settings)
      return
    case 'ask':
      answerEnd(word.id, word.ask).catch(() => say({ kind: 'answer', id: word.id }))
      return
    case 'answer':
      asker.settle(word)
      return
    case 'connection':
      arrivals.arrive(word, socket)
      return
    case 'free':
      arrivals.free(word)
      return
    case 'close':
      void end()
  }
}

process.title = 'chunbo-media'
process.on('message', (value, socket) => hear(readToMedia(value), socket))
process.on('disconnect', () => void end())
// Ctrl-C reaches the whole group: the server hears it too and ends this process in its order.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => void end())
