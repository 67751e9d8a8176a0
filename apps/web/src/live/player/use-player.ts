import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { type EngineFigures, tryPlay } from './engine.ts'
import { openRun, type PlayerSource } from './run.ts'
import type { Way } from './way.ts'

/**
 * A video element that plays a room, live or again, by the best way that works, and comes back by itself when anything breaks. It starts
 * without sound, since browsers allow nothing else.
 */
export type PlayerState = 'starting' | 'playing' | 'stalled' | 'lost' | 'away' | 'blocked' | 'unplayable' | 'ended'
export interface PlayerFigures extends EngineFigures {
  readonly way: Way
  readonly widthPx: number
  readonly heightPx: number
  readonly frames: number
  readonly droppedFrames: number
  readonly rate: number
}
export interface Player {
  readonly state: Ref<PlayerState>
  readonly muted: Ref<boolean>
  readonly landscape: Ref<boolean>
  /** There has been a picture. */
  readonly shown: Ref<boolean>
  readonly way: Ref<Way | null>
  /** Starts playing after a tap; where the browser had refused it. */
  readonly play: () => void
  readonly setMuted: (muted: boolean) => void
  /** Begins anew with the source as it is now. */
  readonly restart: () => void
  /** The show goes on after a break: comes back if it has not, by a better way if there is one. */
  readonly resumed: () => void
  readonly figures: () => PlayerFigures | null
}

/** Played for so long, a way counts as one that works. */
const WORKED_MS = 5_000
/** A break shorter than this is mended before anybody need be told; at the beginning it is still being connected. */
const TELL_LOST_MS = 1_200
const TELL_NEVER_CAME_MS = 4_000
/** A hidden tab without sound, or a picture that waits for a tap, is not watched. */
const ASLEEP_AFTER_MS = 15_000

type TimerName = 'lost' | 'worked' | 'sleep'
function openTimers() {
  const ids: Partial<Record<TimerName, number>> = {}
  const clear = (...names: TimerName[]) => {
    for (const name of names) {
      window.clearTimeout(ids[name])
      delete ids[name]
    }
  }
  const set = (name: TimerName, act: () => void, afterMs: number) => {
    clear(name)
    ids[name] = window.setTimeout(() => {
      delete ids[name]
      act()
    }, afterMs)
  }
  /** Leaves one alone that runs already. */
  const ensure = (name: TimerName, act: () => void, afterMs: number) => {
    if (ids[name] === undefined) set(name, act, afterMs)
  }
  return { clear, set, ensure }
}

/** `still`, where given, is a canvas behind the video: it keeps the last picture while the video element holds none. */
export function usePlayer(
  video: Ref<HTMLVideoElement | undefined>,
  source: () => PlayerSource,
  still?: Ref<HTMLCanvasElement | undefined>,
): Player {
  const state = ref<PlayerState>('starting')
  const muted = ref(true)
  const landscape = ref(false)
  const shown = ref(false)
  const way = shallowRef<Way | null>(null)
  const timers = openTimers()
  const isLive = () => source().live !== null
  let isAway = false
  let isAsleep = false

  const run = openRun({
    way(next) {
      way.value = next
      if (next === null) state.value = 'unplayable'
    },
    broke() {
      timers.clear('worked')
      const afterMs = state.value === 'starting' ? TELL_NEVER_CAME_MS : TELL_LOST_MS
      timers.ensure('lost', () => !isAway && state.value !== 'playing' && tell('lost'), afterMs)
    },
    away(next) {
      isAway = next
      if (next && state.value !== 'playing') tell('away')
    },
    blocked,
    keepPicture: () => keepPicture(video.value, still?.value),
  })
  function tell(next: PlayerState): void {
    if (state.value !== 'blocked' && state.value !== 'unplayable') state.value = next
  }
  function blocked(): void {
    state.value = 'blocked'
    if (isLive()) timers.set('sleep', sleep, ASLEEP_AFTER_MS)
  }
  function begin(): void {
    const element = video.value
    if (element === undefined) return
    isAway = false
    isAsleep = false
    if (state.value !== 'lost') state.value = 'starting'
    run.begin(element, source)
  }
  function sleep(): void {
    isAsleep = true
    run.sleep()
  }
  function wake(): void {
    timers.clear('sleep')
    if (isAsleep || isLive()) run.wake()
    isAsleep = false
  }
  function play(): void {
    if (state.value === 'blocked' && isLive()) wake()
    if (video.value !== undefined) tryPlay(video.value, blocked)
  }

  const heard: Record<string, () => void> = {
    loadeddata() {
      shown.value = true
    },
    playing() {
      state.value = 'playing'
      timers.clear('lost')
      timers.set('worked', run.worked, WORKED_MS)
    },
    waiting() {
      timers.clear('worked')
      if (state.value === 'playing') state.value = isAway ? 'away' : 'stalled'
    },
    ended: () => tell('ended'),
    resize() {
      const element = video.value
      landscape.value = element !== undefined && element.videoWidth > element.videoHeight
    },
    volumechange() {
      muted.value = video.value?.muted ?? true
    },
  }
  watch(
    video,
    (element, _before, clean) => {
      if (element === undefined) return
      element.muted = true
      for (const [name, listener] of Object.entries(heard)) element.addEventListener(name, listener)
      clean(() => {
        for (const [name, listener] of Object.entries(heard)) element.removeEventListener(name, listener)
      })
      begin()
    },
    { immediate: true, flush: 'post' },
  )
  const seen = () => {
    if (!isLive()) return
    if (!document.hidden) wake()
    else if (muted.value) timers.set('sleep', sleep, ASLEEP_AFTER_MS)
  }
  // A page with an open line is not kept for the way back.
  const hide = () => isLive() && sleep()
  const show = ({ persisted }: PageTransitionEvent) => persisted && wake()
  const online = () => state.value !== 'playing' && begin()
  window.addEventListener('online', online)
  window.addEventListener('pagehide', hide)
  window.addEventListener('pageshow', show)
  document.addEventListener('visibilitychange', seen)
  onScopeDispose(() => {
    timers.clear('lost', 'worked', 'sleep')
    window.removeEventListener('online', online)
    window.removeEventListener('pagehide', hide)
    window.removeEventListener('pageshow', show)
    document.removeEventListener('visibilitychange', seen)
    run.close()
  })

  return {
    state,
    muted,
    landscape,
    shown,
    way,
    play,
    setMuted(next) {
      const element = video.value
      if (element === undefined) return
      element.muted = next
      muted.value = next
      if (element.paused) play()
    },
    restart: begin,
    resumed() {
      if (!run.rise() && state.value !== 'playing' && state.value !== 'blocked' && way.value !== 'socket') begin()
    },
    figures: () => figuresOf(video.value, run.figures()),
  }
}

function keepPicture(element: HTMLVideoElement | undefined, canvas: HTMLCanvasElement | undefined): void {
  if (element === undefined || canvas === undefined || element.videoWidth === 0 || element.readyState < 2) return
  canvas.width = element.videoWidth
  canvas.height = element.videoHeight
  canvas.getContext('2d')?.drawImage(element, 0, 0)
}

function figuresOf(
  element: HTMLVideoElement | undefined,
  figures: (EngineFigures & { readonly way: Way }) | null,
): PlayerFigures | null {
  if (element === undefined || figures === null) return null
  const { totalVideoFrames, droppedVideoFrames } = element.getVideoPlaybackQuality()
  return {
    ...figures,
    widthPx: element.videoWidth,
    heightPx: element.videoHeight,
    frames: totalVideoFrames,
    droppedFrames: droppedVideoFrames,
    rate: element.playbackRate,
  }
}
