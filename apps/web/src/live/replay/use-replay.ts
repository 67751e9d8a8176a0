import { onBeforeUnmount, type Ref, ref, watch } from 'vue'
import { type Player, usePlayer } from '../player/use-player.ts'

/** What is played: the whole recording, or the time from one moment of the show to another. */
export interface Clip {
  /** Its playlist. */
  readonly url: string
  /** Wall clock of its first moment, ms since 1970; null for the beginning of the recording. */
  readonly fromMs: number | null
  /** Seconds from the beginning of the clip at which it starts. */
  readonly startS: number
  /** Its length where it is known before it is loaded. */
  readonly lengthS: number | null
}
export interface Replay {
  readonly player: Player
  /** Seconds from the beginning of the clip. */
  readonly atS: Ref<number>
  readonly lengthS: Ref<number>
  readonly isPlaying: Ref<boolean>
  /** It has played to its end. */
  readonly isOver: Ref<boolean>
  readonly rate: Ref<number>
  readonly toggle: () => void
  readonly seek: (toS: number) => void
  readonly nextRate: () => void
}

const RATES: readonly number[] = [1, 1.25, 1.5, 2]
const LOOK_MS = 200
const END_S = 0.08

/**
 * A replay and where it is. A clip is a playlist of its own that begins at the key frame before its first moment, so the clip's clock is
 * laid over the element's by the wall clock of what is seen.
 */
export function useReplay(video: Ref<HTMLVideoElement | undefined>, roomId: number, clip: () => Clip): Replay {
  const atS = ref(clip().startS)
  const lengthS = ref(clip().lengthS ?? 0)
  const isPlaying = ref(false)
  const isOver = ref(false)
  const rate = ref<number>(1)
  /** The element's clock at the beginning of the clip; null until it has played. */
  let zeroS: number | null = clip().fromMs === null ? 0 : null
  let wantedS: number | null = clip().startS

  const player = usePlayer(video, () => {
    // After a line that broke it goes on where it was.
    const startS = zeroS === null ? undefined : zeroS + (wantedS ?? atS.value)
    return { roomId, live: null, url: clip().url, startS }
  })

  function layClock(element: HTMLVideoElement): void {
    const { fromMs } = clip()
    const seenMs = player.figures()?.seenWallMs ?? null
    if (fromMs === null) zeroS = 0
    else zeroS = element.currentTime - (seenMs === null ? 0 : Math.max(0, (seenMs - fromMs) / 1000))
    if (wantedS !== null && wantedS > 0 && Math.abs(element.currentTime - zeroS - wantedS) > 0.5)
      element.currentTime = zeroS + wantedS
    wantedS = null
  }
  function follow(): void {
    const element = video.value
    if (element === undefined) return
    isPlaying.value = !element.paused && !isOver.value
    if (player.state.value === 'playing' && (zeroS === null || wantedS !== null)) layClock(element)
    if (zeroS === null || wantedS !== null || element.seeking) return
    const known = clip().lengthS
    lengthS.value = known ?? (Number.isFinite(element.duration) ? element.duration : 0)
    atS.value = Math.min(lengthS.value, Math.max(0, element.currentTime - zeroS))
    if (known !== null && atS.value >= known - END_S && !element.paused) element.pause()
    isOver.value = lengthS.value > 0 && atS.value >= lengthS.value - END_S
  }
  const timer = window.setInterval(follow, LOOK_MS)
  onBeforeUnmount(() => window.clearInterval(timer))

  watch(clip, (next, before) => {
    wantedS = next.startS
    atS.value = next.startS
    isOver.value = false
    if (next.url === before.url) {
      seek(next.startS)
      return
    }
    lengthS.value = next.lengthS ?? 0
    zeroS = next.fromMs === null ? 0 : null
    player.restart()
  })
  watch([rate, player.state], () => {
    const element = video.value
    if (element === undefined) return
    element.defaultPlaybackRate = rate.value
    element.playbackRate = rate.value
  })

  function seek(toS: number): void {
    const element = video.value
    const placedS = Math.min(Math.max(0, toS), lengthS.value || toS)
    atS.value = placedS
    isOver.value = false
    if (element === undefined || zeroS === null || element.readyState === 0) wantedS = placedS
    else element.currentTime = zeroS + placedS
  }
  function toggle(): void {
    const element = video.value
    if (element === undefined) return
    if (!element.paused) element.pause()
    else {
      if (isOver.value) seek(0)
      player.play()
    }
    follow()
  }
  return {
    player,
    atS,
    lengthS,
    isPlaying,
    isOver,
    rate,
    toggle,
    seek,
    nextRate() {
      rate.value = RATES[(RATES.indexOf(rate.value) + 1) % RATES.length] ?? 1
    },
  }
}
