/** What a stranger on the RTMP port may use up. Every figure is a hard ceiling; crossing it ends the connection. */
export interface RtmpLimits {
  connections: number
  connectionsPerAddress: number
  /** From accept to the end of the handshake. */
  handshakeMs: number
  /** From accept to an accepted publish: a slow client cannot hold a place by dripping bytes. */
  publishMs: number
  /** How long `authorise` may take before the publisher is refused. */
  authoriseMs: number
  /** No bytes at all from a publisher. */
  idleMs: number
  /** Bytes, but no whole frame: the slow-loris of a publisher with a valid key. */
  mediaIdleMs: number
  messageBytes: number
  /** Sum of unfinished messages over all chunk streams of a connection. */
  partialBytes: number
  chunkStreams: number
  /** Averaged over `rateWindowMs`. */
  bitsPerSecond: number
  messagesPerSecond: number
  rateWindowMs: number
  /** Answers the client has not read; a client that reads nothing is cut off. */
  unsentBytes: number
}

/** A 1080p60 stream of OBS is 6 to 9 Mbit/s with key frames under 1 MB; the defaults leave a factor of two or more. */
export const defaultRtmpLimits: RtmpLimits = {
  connections: 512,
  connectionsPerAddress: 32,
  handshakeMs: 5_000,
  publishMs: 15_000,
  authoriseMs: 5_000,
  idleMs: 15_000,
  mediaIdleMs: 30_000,
  messageBytes: 4 * 1024 * 1024,
  partialBytes: 6 * 1024 * 1024,
  chunkStreams: 16,
  bitsPerSecond: 20_000_000,
  messagesPerSecond: 2_000,
  rateWindowMs: 5_000,
  unsentBytes: 64 * 1024,
}

/** Cadence and ceilings of a live stream. */
export interface StreamLimits {
  chunkMs: number
  partMs: number
  segmentMs: number
  /** A segment is cut here even without a key frame, so that a publisher with endless GOPs cannot grow memory. */
  segmentMsMax: number
  segmentBytesMax: number
  /** How long the start of a stream waits for an audio configuration before it goes on with video alone. */
  audioWaitMs: number
  /** Whole segments listed in the live playlist. */
  windowSegments: number
  /** Whole segments kept in memory beyond the listed ones, for clients that are about to fetch them. */
  lateSegments: number
  /** A publisher silent for this long may be replaced by another with the same key. */
  stallMs: number
  /** A stream whose publisher went away ends by itself after this time. */
  resumeMs: number
  /** How long an ended stream's last playlist can still be fetched. */
  lingerMs: number
  /** A blocking request is answered at the latest after this time, with what there is. */
  blockMs: number
  waiters: number
  streams: number
}

export const defaultStreamLimits: StreamLimits = {
  chunkMs: 66,
  partMs: 200,
  segmentMs: 2_000,
  segmentMsMax: 10_000,
  segmentBytesMax: 32 * 1024 * 1024,
  audioWaitMs: 500,
  windowSegments: 6,
  lateSegments: 3,
  stallMs: 5_000,
  resumeMs: 15 * 60_000,
  lingerMs: 60_000,
  blockMs: 6_000,
  waiters: 20_000,
  streams: 200,
}
