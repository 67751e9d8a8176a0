import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { MediaClusterConfig } from '../platform/media-cluster-config.ts'
import type { OpenPublish } from './cluster-publishes.ts'
import { roomOfStreamName } from './cluster-stream.ts'
import { roomOfMediamtxPath } from './mediamtx-callbacks.ts'

/** A stream as the cluster's own API lists it. Zero stands for what it does not tell. */
export interface ClusterStream {
  readonly roomId: number
  readonly session: string
  readonly kbps: number
  readonly widthPx: number
  readonly heightPx: number
}

export interface ClusterListing {
  readonly streams: readonly ClusterStream[]
  /** Whether this publish would be in the list if it went on: a server knows only its own. */
  covers(publish: OpenPublish): boolean
}

/** The control API of a cluster. Every call throws when it cannot be reached or answers nonsense. */
export interface ClusterApi {
  list(): Promise<ClusterListing>
  /** Cuts a publisher off. */
  kick(publish: OpenPublish): Promise<void>
}

const ASK_MS = 5_000
const LISTED_MAX = 1_000

const SrsStreams = Type.Object({
  server: Type.String(),
  streams: Type.Array(
    Type.Object({
      name: Type.String(),
      app: Type.String(),
      kbps: Type.Optional(Type.Object({ recv_30s: Type.Number() })),
      publish: Type.Object({ active: Type.Boolean(), cid: Type.Optional(Type.String()) }),
      video: Type.Optional(
        Type.Union([
          Type.Null(),
          Type.Object({ width: Type.Optional(Type.Number()), height: Type.Optional(Type.Number()) }),
        ]),
      ),
    }),
    { maxItems: 10_000 },
  ),
})

const MediamtxPaths = Type.Object({
  items: Type.Array(
    Type.Object({
      name: Type.String(),
      source: Type.Union([Type.Null(), Type.Object({ type: Type.String(), id: Type.String() })]),
    }),
    { maxItems: 10_000 },
  ),
})

/** Where MediaMTX takes a kick, by the type of the source. */
const MEDIAMTX_KICKS: Readonly<Record<string, string>> = {
  rtmpConn: 'rtmpconns',
  rtmpsConn: 'rtmpsconns',
  rtspSession: 'rtspsessions',
  rtspsSession: 'rtspssessions',
  srtConn: 'srtconns',
  webRTCSession: 'webrtcsessions',
}

async function ask(apiUrl: string, method: string, path: string): Promise<unknown> {
  const url = new URL(apiUrl)
  const { username, password } = url
  url.username = ''
  url.password = ''
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const headers = username === '' ? {} : { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
  const response = await fetch(`${url.href.replace(/\/$/, '')}${path}`, {
    method,
    headers,
    signal: AbortSignal.timeout(ASK_MS),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`the media cluster answered ${response.status}`)
  return text === '' ? null : JSON.parse(text)
}

function check<S extends TSchema>(schema: S, value: unknown): Static<S> {
  if (!Value.Check(schema, value)) throw new Error('the media cluster answered something else than expected')
  return value
}

function srsApi(apiUrl: string): ClusterApi {
  return {
    async list() {
      const answer = await ask(apiUrl, 'GET', `/api/v1/streams/?start=0&count=${LISTED_MAX}`)
      const { server, streams } = check(SrsStreams, answer)
      return {
        streams: streams.flatMap(({ name, app, kbps, publish, video }) => {
          const roomId = app === 'live' ? roomOfStreamName(name) : null
          if (roomId === null || !publish.active || publish.cid === undefined) return []
          const size = { widthPx: video?.width ?? 0, heightPx: video?.height ?? 0 }
          return [{ roomId, session: `${server}/${publish.cid}`, kbps: kbps?.recv_30s ?? 0, ...size }]
        }),
        covers: ({ session }) => session.startsWith(`${server}/`) && streams.length < LISTED_MAX,
      }
    },
    async kick({ session }) {
      await ask(apiUrl, 'DELETE', `/api/v1/clients/${encodeURIComponent(session.split('/').at(-1) ?? '')}`)
    },
  }
}

function mediamtxApi(apiUrl: string): ClusterApi {
  return {
    async list() {
      const { items } = check(MediamtxPaths, await ask(apiUrl, 'GET', `/v3/paths/list?itemsPerPage=${LISTED_MAX}`))
      return {
        streams: items.flatMap(({ name, source }) => {
          const roomId = roomOfMediamtxPath(name)
          return roomId === null || source === null
            ? []
            : [{ roomId, session: source.id, kbps: 0, widthPx: 0, heightPx: 0 }]
        }),
        covers: () => items.length < LISTED_MAX,
      }
    },
    async kick({ session, sourceType }) {
      const kind = MEDIAMTX_KICKS[sourceType]
      if (kind === undefined) throw new Error(`MediaMTX has no way to end a ${sourceType || 'source without a type'}`)
      await ask(apiUrl, 'POST', `/v3/${kind}/kick/${encodeURIComponent(session)}`)
    },
  }
}

/** The API of the configured cluster; null when its address is not given. */
export function createClusterApi({ kind, apiUrl }: MediaClusterConfig): ClusterApi | null {
  if (apiUrl === null) return null
  return kind === 'srs' ? srsApi(apiUrl) : mediamtxApi(apiUrl)
}
