import type { Feed, FeedEvents } from './feed.ts'
import { createFramesFeed } from './frames-feed.ts'
import { type LineEnd, PublishLine } from './publish-line.ts'
import { type NetworkState, RateControl } from './rate-control.ts'
import { createRecorderFeed } from './recorder-feed.ts'
import type { Way } from './ways.ts'

/** How it goes, about twice a second. */
export interface PublisherLook {
  /** What arrives at the server. */
  bitsPerSecond: number
  /** How long ago the newest picture that has arrived was sent; null while none has. */
  lagMs: number | null
  network: NetworkState
  /** What the encoder aims at. */
  targetBps: number
  droppedFrames: number
}

export interface PublisherEvents {
  /** `on`: the server takes it in. `away`: the line is lost and comes back by itself. `ended`: it does not. */
  state(state: 'connecting' | 'on' | 'away' | 'ended'): void
  look(look: PublisherLook): void
  /** Why it has ended, or will be away for a moment, in the server's words. */
  problem(problem: LineEnd): void
  /** This device cannot encode it; without sound the show goes on. */
  failed(why: 'video' | 'audio'): void
}

export interface PublisherOptions {
  stream: MediaStream
  /** Of the socket, as in `wss://host/media/7/publish`. */
  url: string
  way: Exclude<Way, { kind: 'none' }>
  /** The most that the shorter side of the picture may have. */
  shortSidePx: number
  mostBps: number
  on: PublisherEvents
}

/** A camera on air. It holds no element and no page, so that anything with a stream can use it. */
export interface Publisher {
  /** Another camera or microphone; the show goes on. */
  setStream(stream: MediaStream): void
  /** The network has changed, or the page is back: another socket at once. */
  renew(): void
  /** Goes off air. */
  stop(): void
}

const leastBps = 250_000
/** Waiting on this device, as time at the present bitrate, from which pictures are left out until it has drained. */
const crowdedMs = 500
const secretBytes = 16

export function startPublisher({ stream, url, way, shortSidePx, mostBps, on }: PublisherOptions): Publisher {
  const rate = new RateControl({ leastBps: Math.min(leastBps, mostBps), mostBps })
  let sentDtsUs: number | null = null
  let droppedFrames = 0
  let pictures = 0
  const waitingMs = () => (line.waitingBytes * 8_000) / rate.bps
  const events: FeedEvents = {
    send(message, dtsUs) {
      const isSent = line.send(message)
      if (isSent && dtsUs !== null) sentDtsUs = dtsUs
      return isSent
    },
    isCrowded() {
      pictures += 1
      const isOut = waitingMs() > crowdedMs || (rate.isHalved && pictures % 2 === 0)
      if (isOut) droppedFrames += 1
      return isOut
    },
    restart: () => line.renew(),
    failed(why) {
      on.failed(why)
      if (why === 'video') stop()
    },
  }
  const feed: Feed =
    way.kind === 'frames'
      ? createFramesFeed({ stream, shortSidePx, bitsPerSecond: rate.bps }, events)
      : createRecorderFeed({ stream, shortSidePx, bitsPerSecond: rate.bps, mimeType: way.mimeType }, events)

  function look(ack: { dtsUs: number | null; bitsPerSecond: number }): void {
    // A recording has times of its own, so only what waits here tells of its network.
    const lagMs = sentDtsUs === null || ack.dtsUs === null ? null : Math.max(0, (sentDtsUs - ack.dtsUs) / 1_000)
    const seen = { nowMs: performance.now(), lagMs: lagMs ?? 0, waitingMs: waitingMs() }
    if (rate.look(seen)) feed.setBitrate(rate.bps)
    const { bitsPerSecond } = ack
    on.look({ bitsPerSecond, lagMs, network: rate.state, targetBps: rate.bps, droppedFrames })
  }

  const hello = {
    session: makeSecret(),
    format: way.kind === 'frames' ? ('frames' as const) : way.format,
    encoder: `browser/${way.kind}`,
  }
  const line: PublishLine = new PublishLine(url, hello, {
    state(state) {
      if (state !== 'open') feed.pause()
      on.state(state === 'open' ? 'on' : state === 'lost' ? 'away' : state)
    },
    open: () => feed.begin(),
    ack: look,
    wantsKey: () => feed.requestKey(),
    problem: on.problem,
  })
  function stop(): void {
    feed.close()
    line.stop()
  }
  return { setStream: (next) => feed.setStream(next), renew: () => line.renew(), stop }
}

/** 128 random bits in base64url, known to this page and the server alone. */
function makeSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(secretBytes))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}
