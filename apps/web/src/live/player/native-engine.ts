import { type Engine, type EngineEvents, type PlaylistSource, tryPlay } from './engine.ts'

/** HLS by the browser itself, where it has no Media Source: it does everything alone and tells little. */
export function openNativeEngine(element: HTMLVideoElement, source: PlaylistSource, on: EngineEvents): Engine {
  const { url, live, startS } = source
  let hasPlayed = false
  const failed = () => on.fault(hasPlayed ? 'broke' : 'refused')
  const playing = () => {
    hasPlayed = true
  }
  const placed = () => {
    if (startS !== undefined) element.currentTime = startS
  }
  element.addEventListener('error', failed)
  element.addEventListener('playing', playing)
  element.addEventListener('loadedmetadata', placed, { once: true })
  element.src = url
  tryPlay(element, on.blocked)
  return {
    way: 'native',
    resume: () => false,
    sleep: () => {},
    wake() {
      const { seekable } = element
      if (live && seekable.length > 0) element.currentTime = seekable.end(seekable.length - 1)
      if (element.paused) tryPlay(element, on.blocked)
    },
    figures() {
      const { buffered, currentTime } = element
      const endS = buffered.length === 0 ? currentTime : buffered.end(buffered.length - 1)
      return { seenWallMs: startDateOf(element, currentTime), bufferS: Math.max(0, endS - currentTime), kbps: null }
    },
    close() {
      element.removeEventListener('error', failed)
      element.removeEventListener('playing', playing)
      element.removeEventListener('loadedmetadata', placed)
      element.removeAttribute('src')
      element.load()
    },
  }
}

/** Safari tells the date that the playlist gives to its beginning. */
function startDateOf(element: HTMLVideoElement & { getStartDate?: () => Date }, currentTimeS: number): number | null {
  const startMs = element.getStartDate?.().getTime()
  return startMs === undefined || Number.isNaN(startMs) ? null : startMs + currentTimeS * 1000
}
