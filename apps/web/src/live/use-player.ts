import type Hls from 'hls.js'
import { onScopeDispose, type Ref, ref, watch } from 'vue'

/**
 * Plays a playlist in a video element: by hls.js, which is loaded only now, or by the browser itself where it has no Media Source (iPhone).
 * It starts without sound, since browsers allow nothing else, and comes back by itself when the stream stalls, breaks or begins anew.
 */
export type PlayerState = 'starting' | 'playing' | 'stalled' | 'lost' | 'blocked' | 'ended'
export interface Player {
  readonly state: Ref<PlayerState>
  readonly muted: Ref<boolean>
  readonly landscape: Ref<boolean>
  /** Starts playing after a tap; where the browser had refused it. */
  readonly play: () => void
  readonly setMuted: (muted: boolean) => void
  /** Begins anew, for example when the host is back. */
  readonly restart: () => void
}

const HLS_TYPE = 'application/vnd.apple.mpegurl'
const RETRY_MAX_MS = 8000

export function usePlayer(video: Ref<HTMLVideoElement | undefined>, src: () => string, live: boolean): Player {
  const state = ref<PlayerState>('starting')
  const muted = ref(true)
  const landscape = ref(false)
  let hls: Hls | null = null
  let retry = 0
  let timer = 0
  let run = 0
  let left = false

  function again(): void {
    if (left) return
    state.value = 'lost'
    const windowMs = Math.min(RETRY_MAX_MS, 500 * 2 ** retry)
    retry += 1
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void start(), 300 + Math.random() * windowMs)
  }
  function play(): void {
    const element = video.value
    if (element === undefined) return
    element.play().catch((cause: unknown) => {
      if (cause instanceof DOMException && cause.name === 'NotAllowedError') state.value = 'blocked'
    })
  }
  async function startHls(element: HTMLVideoElement, mine: number): Promise<void> {
    const { default: HlsPlayer } = await import('hls.js/light')
    if (mine !== run || left) return
    if (!HlsPlayer.isSupported()) {
      startNative(element)
      return
    }
    const player = new HlsPlayer({
      lowLatencyMode: live,
      enableWorker: false,
      backBufferLength: live ? 15 : 60,
      maxLiveSyncPlaybackRate: 1.15,
      liveDurationInfinity: true,
      startPosition: live ? -1 : 0,
    })
    hls = player
    player.on(HlsPlayer.Events.MANIFEST_PARSED, play)
    player.on(HlsPlayer.Events.ERROR, (_event, data) => {
      if (!data.fatal || player !== hls) return
      if (data.type === HlsPlayer.ErrorTypes.MEDIA_ERROR && retry === 0) {
        retry += 1
        player.recoverMediaError()
      } else again()
    })
    player.loadSource(src())
    player.attachMedia(element)
  }
  function startNative(element: HTMLVideoElement): void {
    element.src = src()
    element.addEventListener('error', again, { once: true })
    play()
  }
  async function start(): Promise<void> {
    const element = video.value
    if (element === undefined || left) return
    run += 1
    const mine = run
    hls?.destroy()
    hls = null
    if (state.value !== 'lost') state.value = 'starting'
    try {
      if ('MediaSource' in window || 'ManagedMediaSource' in window) await startHls(element, mine)
      else if (element.canPlayType(HLS_TYPE) !== '') startNative(element)
    } catch {
      // The player's own file did not come (no network): the same retry as for the stream.
      if (mine === run) again()
    }
  }

  const listeners: Record<string, () => void> = {
    playing: () => {
      state.value = 'playing'
      retry = 0
    },
    waiting: () => {
      if (state.value === 'playing') state.value = 'stalled'
    },
    ended: () => {
      state.value = 'ended'
    },
    loadedmetadata: () => {
      const element = video.value
      landscape.value = element !== undefined && element.videoWidth > element.videoHeight
    },
    volumechange: () => {
      muted.value = video.value?.muted ?? true
    },
  }
  watch(
    video,
    (element, _before, clean) => {
      if (element === undefined) return
      element.muted = true
      for (const [name, listener] of Object.entries(listeners)) element.addEventListener(name, listener)
      clean(() => {
        for (const [name, listener] of Object.entries(listeners)) element.removeEventListener(name, listener)
      })
      void start()
    },
    { immediate: true, flush: 'post' },
  )
  const backOnline = () => {
    if (state.value !== 'playing') void start()
  }
  // A tab that was put away has fallen behind: a live one jumps to now.
  const seen = () => {
    const element = video.value
    if (!live || document.hidden || element === undefined || hls?.liveSyncPosition == null) return
    if (hls.liveSyncPosition - element.currentTime > 6) element.currentTime = hls.liveSyncPosition
    if (element.paused) play()
  }
  window.addEventListener('online', backOnline)
  document.addEventListener('visibilitychange', seen)
  onScopeDispose(() => {
    left = true
    window.clearTimeout(timer)
    window.removeEventListener('online', backOnline)
    document.removeEventListener('visibilitychange', seen)
    hls?.destroy()
  })

  return {
    state,
    muted,
    landscape,
    play,
    setMuted(next) {
      const element = video.value
      if (element === undefined) return
      element.muted = next
      muted.value = next
      if (element.paused) play()
    },
    restart: () => {
      retry = 0
      void start()
    },
  }
}
