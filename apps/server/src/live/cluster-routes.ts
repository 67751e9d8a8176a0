import { ClusterRecordings, IdParams } from '@chunbo/contract'
import { Type } from 'typebox'
import { Refusal } from '../platform/problem.ts'
import { type Route, route } from '../platform/routes.ts'
import { listRecordings } from './cluster-publishes.ts'
import { clusterRule } from './cluster-secret.ts'
import { fillFile } from './cluster-stream.ts'
import type { LiveContext } from './context.ts'
import type { MediaCluster } from './media-cluster.ts'
import {
  keyOfMediamtxAuth,
  MediamtxAuth,
  type MediamtxAuth as MediamtxAuthBody,
  MediamtxHook,
  readMediamtxHook,
  roomOfMediamtxPath,
} from './mediamtx-callbacks.ts'
import type { RoomDoors, RoomFactBook } from './room-team.ts'
import { readSrsCallback, SrsCallback } from './srs-callbacks.ts'

/** A whole cluster calls from few addresses; five thousand rooms that come back at once pass, a loop gone wild does not. */
const CALLBACK_LIMIT = { max: 12_000, windowS: 60 } as const
/** Bodies are under 2 kB, with room for a long address. */
const BODY_BYTES = 16 * 1024
const Token = Type.Object({ token: Type.Optional(Type.String({ maxLength: 200 })) })
/** What SRS takes for a yes. */
const SrsAnswer = Type.Object({ code: Type.Integer() })

/** Whether MediaMTX lets a client publish, watch or do anything else. @throws Refusal */
async function judgeMediamtx(cluster: MediaCluster, facts: RoomFactBook, auth: MediamtxAuthBody): Promise<void> {
  const roomId = roomOfMediamtxPath(auth.path)
  if (roomId === null) throw new Refusal('live.cluster_publish_refused')
  if (auth.action === 'publish') {
    const key = keyOfMediamtxAuth(auth)
    if (key === null) throw new Refusal('live.cluster_key_needed')
    return cluster.requireKey(roomId, key, auth.ip)
  }
  const watching = auth.action === 'read' || auth.action === 'playback'
  if (!watching || (await facts.of(roomId)).practice) throw new Refusal('live.cluster_publish_refused')
}

/** Callbacks of the media cluster, and what it has recorded. Without one configured the callbacks let nobody in. */
export function clusterRoutes(
  context: LiveContext,
  cluster: MediaCluster | null,
  facts: RoomFactBook,
  doors: Pick<RoomDoors, 'team'>,
): Route[] {
  const who = clusterRule(cluster?.config.secrets ?? [], context.identity.who.signedIn)
  const callback = { method: 'POST', who, limit: CALLBACK_LIMIT, bodyLimitBytes: BODY_BYTES } as const
  const take = async (event: Parameters<MediaCluster['take']>[0] | null) => {
    // SRS asks about every stream that it is sent; one that is no room of ours is refused, not overlooked.
    if (!event || !cluster) throw new Refusal('live.cluster_publish_refused')
    await cluster.take(event)
  }
  return [
    route({
      ...callback,
      url: '/api/media-cluster/srs',
      summary: 'HTTP callbacks of SRS: on_publish, on_unpublish, on_dvr',
      query: Token,
      body: SrsCallback,
      response: SrsAnswer,
      handle: async ({ body }) => {
        await take(readSrsCallback(body))
        return { code: 0 }
      },
    }),
    route({
      ...callback,
      url: '/api/media-cluster/mediamtx/auth',
      summary: 'authHTTPAddress of MediaMTX',
      query: Token,
      body: MediamtxAuth,
      quiet: true,
      handle: async ({ body, reply }) => {
        if (!cluster) throw new Refusal('live.cluster_publish_refused')
        await judgeMediamtx(cluster, facts, body)
        return reply.code(204).send()
      },
    }),
    route({
      ...callback,
      url: '/api/media-cluster/mediamtx/hook',
      summary: 'Hooks of MediaMTX: runOnReady, runOnNotReady, runOnRecordSegmentComplete',
      query: MediamtxHook,
      handle: async ({ query, reply }) => {
        await take(readMediamtxHook(query))
        return reply.code(204).send()
      },
    }),
    route({
      method: 'GET',
      url: '/api/rooms/:id/cluster-recordings',
      who: doors.team,
      summary: 'Files that a media cluster has recorded of a room',
      params: IdParams,
      response: ClusterRecordings,
      handle: async ({ params }) => {
        const template = cluster?.config.recordingUrl ?? null
        const files = await listRecordings(context.platform.db, params.id)
        return {
          items: files.map((file) => ({ ...file, url: template === null ? null : fillFile(template, file.file) })),
        }
      },
    }),
  ]
}
