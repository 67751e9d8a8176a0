import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createLadders, findFfmpeg, type LadderLimits, type Ladders } from '../ladder/ladders.ts'
import type { RtmpLimits, StreamLimits, ViewerLimits } from '../limits.ts'
import { createLiveHub, type LiveHub } from '../live-hub.ts'
import type { MediaStorage } from '../recording/media-storage.ts'
import { createRtmpServer, type RtmpServer } from '../rtmp/rtmp-server.ts'
import { FlvViewers } from '../watch/flv-viewers.ts'
import { createMediaHandler } from '../watch/media-handler.ts'
import { createMediaListener } from '../watch/media-listener.ts'
import { createViewerSockets, type ViewerSockets } from '../watch/viewer-sockets.ts'
import { createFolderStorage } from './folder-storage.ts'

export interface MediaServer {
  hub: LiveHub
  rtmp: RtmpServer
  storage: MediaStorage
  folder: string
  rtmpPort: number
  /** `rtmp://127.0.0.1:{port}/live/{key}`; the key `room-7` publishes in room 7. */
  publishUrl: (streamKey: string) => string
  /** `http://127.0.0.1:{port}/media/{roomId}/{path}` */
  mediaUrl: (roomId: number, path: string) => string
  viewers: ViewerSockets
  /** `ws://127.0.0.1:{port}/media/{roomId}/live.ws` */
  socketUrl: (roomId: number) => string
  published: string[]
  /** Null unless asked for. */
  ladders: Ladders | null
}

export interface MediaServerOptions {
  ladders?: Partial<LadderLimits>
  rtmpLimits?: Partial<RtmpLimits>
  streamLimits?: Partial<StreamLimits>
  viewerLimits?: Partial<ViewerLimits>
  folder?: string
  /** More pages, as a player's. */
  pages?: Record<string, { type: string; body: Buffer | string }>
}

/** Everything this package makes, mounted on real sockets with free ports; gone when the test ends. */
export async function startMediaServer(t: TestContext, options: MediaServerOptions = {}): Promise<MediaServer> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'chunbo-media-')))
  const storage = createFolderStorage(folder)
  const hub = createLiveHub({ storage, ...(options.streamLimits ? { limits: options.streamLimits } : {}) })
  const published: string[] = []
  const rtmp = createRtmpServer({
    port: 0,
    host: '127.0.0.1',
    hub,
    authorise: async (streamKey) => {
      const match = /^room-(\d+)$/.exec(streamKey)
      return match ? { roomId: Number(match[1]) } : null
    },
    onPublish: ({ roomId }) => published.push(`start ${roomId}`),
    onUnpublish: ({ roomId }, reason) => published.push(`stop ${roomId} ${reason}`),
    ...(options.rtmpLimits ? { limits: options.rtmpLimits } : {}),
  })
  const { port: rtmpPort } = await rtmp.listen()
  const ffmpeg = options.ladders ? findFfmpeg() : null
  const ladders = ffmpeg
    ? createLadders({ hub, ffmpeg, ...(options.ladders ? { limits: options.ladders } : {}) })
    : null
  const limits = options.viewerLimits ? { limits: options.viewerLimits } : {}
  const flv = new FlvViewers({ hub, ...limits })
  const handler = createMediaHandler({ hub, storage, ladders })
  const listener = createMediaListener({ flv, handler, admit: () => true })
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://test')
    const page = options.pages?.[url.pathname]
    if (page) {
      response.writeHead(200, { 'content-type': page.type }).end(page.body)
      return
    }
    listener(request, response)
  })
  const viewers = createViewerSockets({ hub, ...limits })
  http.on('upgrade', (request, socket, head) => {
    const roomId = Number(/^\/media\/(\d+)\/live\.ws$/.exec(request.url ?? '')?.[1] ?? -1)
    viewers.accept(request, socket, head, { roomId, address: request.socket.remoteAddress ?? '' })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const httpPort = typeof address === 'object' && address ? address.port : 0
  t.after(async () => {
    viewers.close()
    flv.close()
    await rtmp.close()
    await hub.close()
    ladders?.close()
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
    if (!options.folder) await rm(folder, { recursive: true, force: true })
  })
  return {
    hub,
    rtmp,
    storage,
    folder,
    rtmpPort,
    published,
    viewers,
    socketUrl: (roomId) => `ws://127.0.0.1:${httpPort}/media/${roomId}/live.ws`,
    ladders,
    publishUrl: (streamKey) => `rtmp://127.0.0.1:${rtmpPort}/live/${streamKey}`,
    mediaUrl: (roomId, path) => `http://127.0.0.1:${httpPort}/media/${roomId}/${path}`,
  }
}
