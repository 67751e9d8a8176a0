import type { ErrorData } from 'hls.js'
import Hls from 'hls.js/light'
import { aheadOf, spansOf } from './buffered.ts'
import { type Engine, type EngineEvents, type PlaylistSource, tryPlay } from './engine.ts'
import { createPacer, type Pacer } from './pace.ts'

/**
 * Low-latency or plain HLS by hls.js. It mends what it can; what is fatal is told and the way opened anew. Where there are parts the pace is our
 * own: hls.js catches up only with more than a second in hand, which a picture of low latency never has, so that whoever began late stayed late.
 */
const RATE_MOST = 1.1
/** One part that plays and one that is on its way. */
const PARTS_READY = 2
const LOOK_MS = 100
const UNSUPPORTED: readonly string[] = [
  'bufferAddCodecError',
  'bufferIncompatibleCodecsError',
  'manifestIncompatibleCodecsError',
]
const BEHIND_S_MAX = 6

export function openHlsEngine(element: HTMLVideoElement, source: PlaylistSource, on: EngineEvents): Engine {
  const { live } = source
  const hls = new Hls({
    lowLatencyMode: live,
    enableWorker: false,
    backBufferLength: live ? 15 : 60,
    ...(live ? { maxLiveSyncPlaybackRate: RATE_MOST } : {}),
    liveDurationInfinity: true,
    startPosition: source.startS ?? -1,
  })
  let mended = false
  let hasPlayed = false
  let kbps: number | null = null

  function toNow(): void {
    const edgeS = hls.liveSyncPosition
    if (edgeS !== null && edgeS !== undefined && edgeS - element.currentTime > BEHIND_S_MAX) element.currentTime = edgeS
    if (element.paused) tryPlay(element, on.blocked)
  }
  let pacer: Pacer | null = null
  const aheadS = () => aheadOf(spansOf(element.buffered), element.currentTime)
  function look(): void {
    if (pacer === null || !hasPlayed || element.paused || element.seeking) return
    const nowMs = performance.now()
    const { rate, jump } = pacer.look(aheadS(), nowMs)
    if (!jump) element.playbackRate = rate
    else if (hls.liveSyncPosition) {
      element.currentTime = hls.liveSyncPosition
      pacer.restart(nowMs)
    }
  }
  const stalled = () => {
    if (hasPlayed && !element.seeking) pacer?.stalled(performance.now())
  }
  function failed(data: ErrorData): void {
    if (UNSUPPORTED.includes(data.details)) {
      on.fault('unsupported')
      return
    }
    if (!data.fatal) return
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR) {
      if (mended) {
        on.fault('decoder')
        return
      }
      mended = true
      hls.recoverMediaError()
    } else on.fault(hasPlayed ? 'broke' : 'refused')
  }
  const playing = () => {
    if (!hasPlayed) pacer?.restart(performance.now())
    hasPlayed = true
  }
  const looking = live ? window.setInterval(look, LOOK_MS) : undefined
  if (live) element.addEventListener('waiting', stalled)
  element.addEventListener('playing', playing)
  hls.on(Hls.Events.MANIFEST_PARSED, () => tryPlay(element, on.blocked))
  hls.on(Hls.Events.LEVEL_UPDATED, (_event, { details }) => {
    if (!live || pacer !== null || details.partTarget <= 0) return
    hls.config.maxLiveSyncPlaybackRate = 1
    pacer = createPacer(performance.now(), PARTS_READY * details.partTarget)
  })
  hls.on(Hls.Events.ERROR, (_event, data) => failed(data))
  hls.on(Hls.Events.FRAG_BUFFERED, (_event, { stats, frag }) => {
    if (frag.duration > 0 && stats.total > 0) kbps = Math.round((stats.total * 8) / 1000 / frag.duration)
  })
  hls.loadSource(source.url)
  hls.attachMedia(element)

  return {
    way: 'llhls',
    resume: () => false,
    sleep: () => hls.stopLoad(),
    wake() {
      hls.startLoad()
      if (live) toNow()
    },
    figures: () => ({ seenWallMs: hls.playingDate?.getTime() ?? null, bufferS: aheadS(), kbps }),
    close() {
      window.clearInterval(looking)
      element.removeEventListener('playing', playing)
      element.removeEventListener('waiting', stalled)
      if (live) element.playbackRate = 1
      hls.destroy()
    },
  }
}
