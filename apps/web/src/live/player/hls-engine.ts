import type { ErrorData } from 'hls.js'
import Hls from 'hls.js/light'
import { type Engine, type EngineEvents, type PlaylistSource, tryPlay } from './engine.ts'

/** Low-latency or plain HLS by hls.js. It mends what it can; what is fatal is told and the way opened anew. */
const RATE_MOST = 1.1
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
    hasPlayed = true
  }
  element.addEventListener('playing', playing)
  hls.on(Hls.Events.MANIFEST_PARSED, () => tryPlay(element, on.blocked))
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
    figures() {
      const at = element.currentTime
      const ranges = element.buffered
      const ends = Array.from({ length: ranges.length }, (_, index) => ranges.end(index)).filter((endS) => endS > at)
      return {
        seenWallMs: hls.playingDate?.getTime() ?? null,
        bufferS: ends.length === 0 ? 0 : Math.min(...ends) - at,
        kbps,
      }
    },
    close() {
      element.removeEventListener('playing', playing)
      hls.destroy()
    },
  }
}
