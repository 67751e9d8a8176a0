import type { AdmissionLimits } from '@chunbo/web-socket'

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
  connectionsPerAddress: 64,
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
  /** Sound without a picture for this long plays alone; see Chunker. */
  pictureWaitMs: number
  /** Largest picture, either way up; a larger one is refused. */
  pictureLongPx: number
  pictureShortPx: number
  /** Averaged over 5 s. */
  ingestBitsPerSecond: number
  /** From the first publish to the last, away times included. */
  showMs: number
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
  /** Bytes of all recordings that wait for a slow storage; beyond it segments are given up. */
  recordingBytesMax: number
  streams: number
}

export const defaultStreamLimits: StreamLimits = {
  chunkMs: 66,
  partMs: 200,
  segmentMs: 2_000,
  segmentMsMax: 10_000,
  segmentBytesMax: 32 * 1024 * 1024,
  audioWaitMs: 500,
  pictureWaitMs: 3_000,
  pictureLongPx: 1920,
  pictureShortPx: 1080,
  ingestBitsPerSecond: 12_000_000,
  showMs: 12 * 60 * 60_000,
  windowSegments: 6,
  lateSegments: 3,
  stallMs: 5_000,
  resumeMs: 15 * 60_000,
  lingerMs: 60_000,
  blockMs: 6_000,
  waiters: 20_000,
  recordingBytesMax: 256 * 1024 * 1024,
  streams: 200,
}

/** What a browser on the publishing socket may use up. Whoever gets there is signed in and of a host team, but may be a broken phone. */
export interface PublishLimits {
  /** All of a room, those that are about to be replaced included. */
  socketsPerRoom: number
  /** From the opening of the socket to a hello, and from there to the answer of the hub. */
  helloMs: number
  /** No whole message at all. */
  idleMs: number
  /** Messages, but no picture: a recorder that was never started. */
  mediaIdleMs: number
  textBytes: number
  messageBytes: number
  /** Averaged over `rateWindowMs`. */
  bitsPerSecond: number
  messagesPerSecond: number
  rateWindowMs: number
  /** How often the publisher is told what has arrived. */
  ackMs: number
  /** How long a publish whose socket broke is kept open for the same publisher to come back into, before viewers see it as gone. */
  resumeMs: number
  /** Answers the client has not read. */
  unsentBytes: number
}

/** A phone sends 1 to 4 Mbit/s in some 80 messages a second; a key frame of 1080p stays under 1 MB. */
export const defaultPublishLimits: PublishLimits = {
  socketsPerRoom: 6,
  helloMs: 10_000,
  idleMs: 15_000,
  mediaIdleMs: 30_000,
  textBytes: 1_024,
  messageBytes: 2 * 1024 * 1024,
  bitsPerSecond: 12_000_000,
  messagesPerSecond: 400,
  rateWindowMs: 5_000,
  ackMs: 500,
  resumeMs: 6_000,
  unsentBytes: 64 * 1024,
}

/** What those who watch over a socket may use up. */
export interface ViewerLimits extends AdmissionLimits {
  perStream: number
  /** Video that was sent and not taken, over which a reader gets nothing more until it has caught up. */
  lagMs: number
  /** How long it may take for that. */
  stallMs: number
  textBytes: number
  /** Any message of one viewer, within a round of housekeeping. */
  messagesPerSweep: number
  sweepMs: number
  /** Silence after which a viewer is asked for a sign of life, and after which it counts as dead. */
  pingMs: number
  silentMs: number
  /** What is kept of a stream for newcomers; one with rarer key frames makes them wait for the next. */
  openingBytes: number
}

/** A viewer says once a second how far it is; the rest is as in rooms, where the same people sit. */
export const defaultViewerLimits: ViewerLimits = {
  socketsMax: 20_000,
  perStream: 15_000,
  socketsByAddressMax: 2_000,
  joins: { burst: 5_000, perS: 1_000 },
  joinsByAddress: { burst: 300, perS: 30 },
  messagesByAddress: { burst: 6_000, perS: 3_000 },
  lagMs: 3_000,
  stallMs: 10_000,
  textBytes: 256,
  messagesPerSweep: 50,
  sweepMs: 5_000,
  pingMs: 20_000,
  silentMs: 45_000,
  openingBytes: 8_000_000,
}
