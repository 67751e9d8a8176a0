import { nearEnd } from './buffered.ts'
import type { Engine, EngineEvents } from './engine.ts'
import { tryPlay } from './engine.ts'
import type { MediaLine } from './media-line.ts'
import { createPacer } from './pace.ts'
import { readSocketWord, type SocketWord } from './socket-word.ts'
import { openSourceFeed, type SourceFeed } from './source-feed.ts'
import type { Fault } from './way.ts'

/**
 * Plays fragmented MP4 from a socket with the least delay. One video element and one source live as long as the page: a publisher that comes
 * back, another picture size, a line that broke and a reader that was skipped ahead all go on in the same element. Only another set of
 * tracks needs a new source, since a source buffer keeps the number of its tracks.
 *
 * Invariant: at most one line is current; what an older one still says is ignored.
 */
const ACK_MS = 1_000
const LOOK_MS = 100
/** Until the first word of the server, and without any picture while the publisher is there. */
const SILENT_MS = 4_000
/** A clock that falls back by more than any server keeps for a newcomer has begun anew. */
const NEW_CLOCK_S = 15
const RATE_WINDOW_MS = 5_000
/** A browser that looks for a moment for so long does not find it; another one is tried. */
const SEEK_MS = 1_500

export function openSocketEngine(
  element: HTMLVideoElement,
  openLine: () => MediaLine,
  on: EngineEvents & { keepPicture(): void },
): Engine {
  let line: MediaLine | null = null
  let feed: SourceFeed | null = null
  let kinds = ''
  let mime = ''
  let isInitNext = false
  let isStarted = false
  let isAway = false
  let isJumpDue = false
  let offsetS = 0
  let wallAtZeroMs: number | null = null
  let receivedBytes = 0
  let ackedBytes = 0
  let heardMs = performance.now()
  let seekingSinceMs: number | null = null
  let arrived: { atMs: number; bytes: number }[] = []
  const pacer = createPacer(performance.now())

  function drop(): void {
    line?.socket.close()
    line = null
  }
  function fail(fault: Fault): void {
    drop()
    on.fault(fault)
  }
  function open(): void {
    drop()
    const mine = openLine()
    line = mine
    receivedBytes = 0
    ackedBytes = 0
    heardMs = performance.now()
    mine.socket.addEventListener('close', () => {
      if (line === mine) fail(receivedBytes > 0 ? 'broke' : 'refused')
    })
    mine.take((data) => {
      if (line !== mine) return
      heardMs = performance.now()
      if (typeof data === 'string') {
        const word = readSocketWord(data)
        if (word !== null) obey(word)
      } else if (data instanceof ArrayBuffer) take(data)
    })
  }

  function obey(word: SocketWord): void {
    if (word.kind === 'init') begin(word)
    else if (word.kind === 'gap') isJumpDue = true
    else if (word.kind === 'waiting') setAway(true)
    else {
      feed?.end()
      drop()
    }
  }
  function setAway(next: boolean): void {
    if (isAway === next) return
    isAway = next
    if (!next) pacer.restart(performance.now())
    on.away(next)
  }
  function begin(word: Extract<SocketWord, { kind: 'init' }>): void {
    const wanted = kindsOf(word.mime)
    if (feed === null || kinds !== wanted) {
      if (feed !== null) on.keepPicture()
      openFeed()
    }
    kinds = wanted
    if (mime !== word.mime) feed?.type(word.mime)
    mime = word.mime
    const endS = feed?.spans().at(-1)?.[1] ?? 0
    const startS = word.startMs / 1000
    if (isStarted && startS + offsetS < endS - NEW_CLOCK_S) {
      offsetS = endS - startS
      feed?.offset(offsetS)
    }
    wallAtZeroMs = word.wallMs === null ? null : word.wallMs - word.startMs - offsetS * 1000
    isInitNext = true
  }
  function openFeed(): void {
    feed?.close()
    isStarted = false
    mime = ''
    offsetS = 0
    feed = openSourceFeed(element, {
      grown: () => (isStarted ? undefined : start()),
      failed: (why) => {
        feed?.close()
        feed = null
        fail(why === 'full' ? 'broke' : why)
      },
    })
  }
  function take(data: ArrayBuffer): void {
    receivedBytes += data.byteLength
    arrived.push({ atMs: heardMs, bytes: data.byteLength })
    feed?.bytes(data)
    if (isInitNext) isInitNext = false
    else setAway(false)
  }

  /** The first picture: from the newest moment that leaves the target ready, decoded from the key frame before it. */
  function start(): void {
    const last = feed?.spans().at(-1)
    if (last === undefined) return
    isStarted = true
    element.currentTime = nearEnd(last, pacer.targetS)
    pacer.restart(performance.now())
    tryPlay(element, on.blocked)
  }
  function jumpToNow(): void {
    const last = feed?.spans().at(-1)
    if (last === undefined || !isStarted) return
    element.currentTime = nearEnd(last, pacer.targetS)
    pacer.restart(performance.now())
  }
  function look(): void {
    const nowMs = performance.now()
    if (line !== null && !isAway && nowMs - heardMs > SILENT_MS) {
      fail(receivedBytes > 0 ? 'broke' : 'silent')
      return
    }
    seekingSinceMs = element.seeking ? (seekingSinceMs ?? nowMs) : null
    if (!isStarted || feed === null || element.paused) return
    if (seekingSinceMs !== null) {
      if (nowMs - seekingSinceMs < SEEK_MS) return
      seekingSinceMs = null
      jumpToNow()
      return
    }
    const holeToS = feed.holeTo()
    if (holeToS !== null) {
      if (isJumpDue) jumpToNow()
      else element.currentTime = holeToS
      isJumpDue = false
      return
    }
    if (isAway) return
    const { rate, jump } = pacer.look(feed.aheadS(), nowMs)
    if (jump) jumpToNow()
    else if (element.playbackRate !== rate) element.playbackRate = rate
  }
  function acknowledge(): void {
    if (line === null || line.socket.readyState !== WebSocket.OPEN || receivedBytes === ackedBytes) return
    ackedBytes = receivedBytes
    line.socket.send(JSON.stringify({ kind: 'ack', bytes: receivedBytes }))
  }
  const stalled = () => {
    if (isStarted && !isAway && line !== null && !element.seeking) pacer.stalled(performance.now())
  }
  const broken = () => {
    if (element.error !== null && feed !== null) fail('decoder')
  }
  element.addEventListener('waiting', stalled)
  element.addEventListener('error', broken)
  const looking = window.setInterval(look, LOOK_MS)
  const acking = window.setInterval(acknowledge, ACK_MS)
  open()

  return {
    way: 'socket',
    resume() {
      if (feed === null) return false
      open()
      return true
    },
    sleep: drop,
    wake() {
      isJumpDue = true
      if (line === null) open()
      else jumpToNow()
      if (element.paused) tryPlay(element, on.blocked)
    },
    figures() {
      const nowMs = performance.now()
      arrived = arrived.filter(({ atMs }) => nowMs - atMs <= RATE_WINDOW_MS)
      const bytes = arrived.reduce((sum, each) => sum + each.bytes, 0)
      return {
        seenWallMs: wallAtZeroMs === null ? null : wallAtZeroMs + element.currentTime * 1000,
        bufferS: feed?.aheadS() ?? 0,
        kbps: Math.round((bytes * 8) / RATE_WINDOW_MS),
      }
    },
    close() {
      drop()
      window.clearInterval(looking)
      window.clearInterval(acking)
      element.removeEventListener('waiting', stalled)
      element.removeEventListener('error', broken)
      feed?.close()
      feed = null
      element.playbackRate = 1
    },
  }
}

/** Which tracks a type holds: a source buffer takes another codec, but never another number of tracks. */
function kindsOf(mime: string): string {
  return mime
    .replace(/^.*codecs="?([^"]*)"?.*$/, '$1')
    .split(',')
    .map((codec) => (/^\s*(mp4a|opus|Opus|fLaC|ac-3|ec-3)/.test(codec) ? 'sound' : 'picture'))
    .sort()
    .join()
}
