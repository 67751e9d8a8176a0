import type { Engine, EngineEvents, EngineFigures } from './engine.ts'
import { takeMediaLine } from './media-line.ts'
import { createWayChooser, type Way, waysFor } from './way.ts'

/**
 * Keeps one engine at work on a video element: opens the best way, takes another when one fails, and tells what viewers must know. Each way
 * is a file of its own, loaded when it is taken.
 *
 * Invariant: at most one engine works on the element; what an older start still brings is dropped.
 */
export interface PlayerSource {
  readonly roomId: number
  /** Ways that the server offers for the live picture; null for a replay. */
  readonly live: readonly ('socket' | 'llhls')[] | null
  /** The playlist. */
  readonly url: string
  /** Seconds at which a replay starts; where its playlist says, when this is left out. */
  readonly startS?: number | undefined
}
export interface Run {
  readonly way: Way | null
  /** Opens the source anew from the top. */
  begin(element: HTMLVideoElement, source: () => PlayerSource): void
  /** The current way has played for a while. */
  worked(): void
  /** The show goes on after a break: true when a better way is tried for it. */
  rise(): boolean
  sleep(): void
  wake(): void
  figures(): (EngineFigures & { readonly way: Way }) | null
  close(): void
}
export interface RunEvents extends Pick<EngineEvents, 'away' | 'blocked'> {
  way(way: Way | null): void
  /** The line is gone and will be tried again. */
  broke(): void
  /** The element is about to lose its picture. */
  keepPicture(): void
}
type Opened = () => Engine

/** A way of playlists that shows nothing for so long is left; that of sockets hears of its publisher and knows better. */
const SILENT_MS = 10_000
const LEAVE_NATIVE_MS = 61_000

const HLS_TYPE = 'application/vnd.apple.mpegurl'

function abilities(element: HTMLVideoElement): { mediaSource: boolean; nativeHls: boolean } {
  const mediaSource = 'MediaSource' in window || 'ManagedMediaSource' in window
  return { mediaSource, nativeHls: element.canPlayType(HLS_TYPE) !== '' }
}

export function openRun(on: RunEvents): Run {
  let at: { element: HTMLVideoElement; source: () => PlayerSource } | null = null
  let chooser = createWayChooser([])
  let engine: Engine | null = null
  let run = 0
  let timer = 0
  let silence = 0
  let isAsleep = false
  /** It broke while nobody looked. */
  let isOwed = false

  function stop(): void {
    run += 1
    window.clearTimeout(timer)
    window.clearTimeout(silence)
    if (engine === null) return
    on.keepPicture()
    engine.close()
    engine = null
  }
  function eventsOf(mine: number): EngineEvents & { keepPicture(): void } {
    return {
      keepPicture: on.keepPicture,
      away(isAway) {
        if (mine === run) on.away(isAway)
      },
      blocked() {
        if (mine === run) on.blocked()
      },
      fault(fault) {
        if (mine !== run) return
        const before = chooser.current
        const next = chooser.failed(fault, performance.now())
        if (next.way === null) {
          on.way(null)
          return
        }
        on.broke()
        window.clearTimeout(timer)
        timer = window.setTimeout(() => {
          if (isAsleep) isOwed = true
          else if (next.way !== before || !engine?.resume()) void start()
        }, next.waitMs)
      },
    }
  }
  async function start(): Promise<void> {
    stop()
    isOwed = false
    const way = chooser.current
    on.way(way)
    if (at === null || way === null) return
    const mine = run
    const events = eventsOf(mine)
    try {
      const opened = await load(way, at.element, at.source(), events, () => mine === run)
      if (mine !== run) return
      engine = opened()
      if (way !== 'socket') watchFor(at.element, mine, events)
    } catch {
      // The way's own file did not come (no network): the same retry as for the stream.
      events.fault('refused')
    }
  }
  function rise(): boolean {
    const isBetter = chooser.rise(performance.now())
    if (isBetter) void start()
    return isBetter
  }
  function watchFor(element: HTMLVideoElement, mine: number, events: EngineEvents): void {
    silence = window.setTimeout(() => {
      if (mine === run && element.readyState < element.HAVE_CURRENT_DATA && !isAsleep) events.fault('silent')
    }, SILENT_MS)
  }
  return {
    get way() {
      return chooser.current
    },
    begin(element, source) {
      at = { element, source }
      isAsleep = false
      chooser = createWayChooser(waysFor(source().live ?? ['llhls'], abilities(element)))
      void start()
    },
    worked() {
      chooser.worked()
      // The browser's own player is many seconds behind: where there is another, it is worth a moment's still picture.
      const isPoor = chooser.current === 'native' && at !== null && abilities(at.element).mediaSource
      window.clearTimeout(timer)
      if (isPoor) timer = window.setTimeout(rise, LEAVE_NATIVE_MS)
    },
    rise,
    sleep() {
      isAsleep = true
      engine?.sleep()
    },
    wake() {
      isAsleep = false
      if (isOwed) void start()
      else engine?.wake()
    },
    figures: () => (engine === null ? null : { way: engine.way, ...engine.figures() }),
    close() {
      stop()
      at = null
    },
  }
}

async function load(
  way: Way,
  element: HTMLVideoElement,
  { roomId, url, live, startS }: PlayerSource,
  events: EngineEvents & { keepPicture(): void },
  isWanted: () => boolean,
): Promise<Opened> {
  if (way === 'llhls') {
    const { openHlsEngine } = await import('./hls-engine.ts')
    return () => openHlsEngine(element, { url, live: live !== null, startS }, events)
  }
  if (way === 'native') {
    const { openNativeEngine } = await import('./native-engine.ts')
    return () => openNativeEngine(element, { url, live: live !== null, startS }, events)
  }
  // The line is opened beside the file that will play it, not after.
  let first: ReturnType<typeof takeMediaLine> | null = takeMediaLine(roomId)
  const file = import('./socket-engine.ts')
  file.catch(() => undefined).then((found) => (found === undefined || !isWanted() ? first?.socket.close() : undefined))
  const { openSocketEngine } = await file
  const next = () => {
    const line = first ?? takeMediaLine(roomId)
    first = null
    return line
  }
  return () => openSocketEngine(element, next, events)
}
