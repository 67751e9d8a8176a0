import type { RoomVideo } from './context.ts'
import type { MediaCluster } from './media-cluster.ts'
import type { MediaIngest } from './media-ingest.ts'

/** What the slice asks of the video, whether it comes to this machine or to a media cluster. */
export interface AllVideo extends RoomVideo {
  publishingRooms(): number[]
}

/** The video of this machine and of the cluster as one. A cluster that forwards to this machine publishes in both; ours tells more. */
export function joinVideo(own: MediaIngest, cluster: MediaCluster | null): AllVideo {
  if (cluster === null) return own
  return {
    get ingestUrl() {
      return own.ingestUrl
    },
    isPublishing: (roomId) => own.isPublishing(roomId) || cluster.isPublishing(roomId),
    publishingRooms: () => [...new Set([...own.publishingRooms(), ...cluster.publishingRooms()])],
    figures: (roomId) => (own.isPublishing(roomId) ? null : cluster.figures(roomId)) ?? own.figures(roomId),
    lastRefusal: (roomId) => own.lastRefusal(roomId),
    async end(roomId, reason) {
      await Promise.all([own.end(roomId, reason), cluster.end(roomId)])
    },
    hasRecording: (roomId) => own.hasRecording(roomId),
    recorded: (roomId) => own.recorded(roomId),
  }
}
