import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createFolderStorage } from '../folder-storage.ts'
import type { RtmpLimits, StreamLimits } from '../limits.ts'
import { createLiveHub, type LiveHub } from '../live-hub.ts'
import { createMediaHandler } from '../media-handler.ts'
import type { MediaStorage } from '../media-storage.ts'
import { createRtmpServer, type RtmpServer } from '../rtmp-server.ts'

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
  published: string[]
}

export interface MediaServerOptions {
  rtmpLimits?: Partial<RtmpLimits>
  streamLimits?: Partial<StreamLimits>
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
  const handle = createMediaHandler({ hub, storage })
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://test')
    const page = options.pages?.[url.pathname]
    if (page) {
      response.writeHead(200, { 'content-type': page.type }).end(page.body)
      return
    }
    const match = /^\/media\/(\d+)\/(.*)$/.exec(url.pathname)
    const left = new AbortController()
    response.on('close', () => left.abort())
    handle({
      roomId: Number(match?.[1] ?? -1),
      path: match?.[2] ?? '',
      query: url.searchParams,
      signal: left.signal,
    }).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const httpPort = typeof address === 'object' && address ? address.port : 0
  t.after(async () => {
    await rtmp.close()
    await hub.close()
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
    publishUrl: (streamKey) => `rtmp://127.0.0.1:${rtmpPort}/live/${streamKey}`,
    mediaUrl: (roomId, path) => `http://127.0.0.1:${httpPort}/media/${roomId}/${path}`,
  }
}
