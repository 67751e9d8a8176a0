import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { MOST_BPS } from './camera.ts'
import { type Publisher, type PublisherLook, startPublisher } from './publisher.ts'
import type { Camera } from './use-camera.ts'
import { findWay, type Way } from './ways.ts'

/**
 * `counting`: three, two, one. `starting`: the server has not taken it in yet. `live` and `away`: on air, and on air with a line that is lost for
 * the moment. `stopped`: off air, by the host's wish or for `problem`.
 */
export type OnAirPhase = 'idle' | 'counting' | 'starting' | 'live' | 'away' | 'stopped'

const countFrom = 3
const secondMs = 1_000

interface NetworkInformation extends EventTarget {
  readonly type?: string
}

/** Going on air with a camera, staying there and going off. */
export function useOnAir(roomId: number, camera: Camera, forced?: 'recorder') {
  const way = shallowRef<Way | null>(null)
  const phase = ref<OnAirPhase>('idle')
  const count = ref(countFrom)
  const look = shallowRef<PublisherLook | null>(null)
  /** Why it is off air, or away for the moment. */
  const problem = shallowRef<{ zh: string; en: string } | null>(null)
  /** This device cannot encode what the camera gives. */
  const hasFailed = ref(false)
  const isSilent = ref(false)
  const sinceMs = ref<number | null>(null)
  let publisher: Publisher | null = null
  let counting = 0

  void findWay(forced).then((found) => {
    way.value = found
  })
  const isOn = computed(() => phase.value === 'starting' || phase.value === 'live' || phase.value === 'away')

  function countDown(): void {
    if (phase.value !== 'idle' && phase.value !== 'stopped') return
    phase.value = 'counting'
    count.value = countFrom
    problem.value = null
    counting = window.setInterval(() => {
      count.value -= 1
      if (count.value > 0) return
      window.clearInterval(counting)
      start()
    }, secondMs)
  }
  function cancel(): void {
    window.clearInterval(counting)
    if (phase.value === 'counting') phase.value = 'idle'
  }
  function start(): void {
    const stream = camera.stream.value
    const chosen = way.value
    if (stream === null || chosen === null || chosen.kind === 'none') {
      phase.value = 'idle'
      return
    }
    phase.value = 'starting'
    hasFailed.value = false
    isSilent.value = false
    look.value = null
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
    const { sizePx } = camera.wish.value
    publisher = startPublisher({
      stream,
      url: `${scheme}://${window.location.host}/media/${roomId}/publish`,
      way: chosen,
      shortSidePx: sizePx,
      mostBps: MOST_BPS[sizePx],
      on: { state: heed, look: (next) => (look.value = next), problem: ({ texts }) => (problem.value = texts), failed },
    })
  }
  function heed(state: 'connecting' | 'on' | 'away' | 'ended'): void {
    if (state === 'on') {
      phase.value = 'live'
      problem.value = null
      sinceMs.value ??= Date.now()
    } else if (state === 'ended') {
      rest()
    } else if (phase.value === 'live') {
      phase.value = 'away'
      look.value = null
    }
  }
  function failed(why: 'video' | 'audio'): void {
    if (why === 'video') hasFailed.value = true
    else isSilent.value = true
  }
  function rest(): void {
    publisher = null
    phase.value = 'stopped'
    sinceMs.value = null
    look.value = null
  }
  function stop(): void {
    cancel()
    const ending = publisher
    if (ending === null) return
    rest()
    ending.stop()
  }

  /** It may not go on, and this is why. */
  function refuse(texts: { zh: string; en: string }): void {
    stop()
    problem.value = texts
  }

  watch(camera.stream, (stream) => stream && publisher?.setStream(stream))
  const renew = () => publisher?.renew()
  const comeBack = () => {
    // A page that slept finds its line dead before the browser says so.
    if (!document.hidden && phase.value === 'away') renew()
  }
  const network = (navigator as Navigator & { connection?: NetworkInformation }).connection
  let networkType = network?.type
  const networkChanged = () => {
    // Estimates of speed change all the time; only another network is a reason to move.
    if (network?.type !== networkType) renew()
    networkType = network?.type
  }
  window.addEventListener('online', renew)
  network?.addEventListener('change', networkChanged)
  document.addEventListener('visibilitychange', comeBack)
  onScopeDispose(() => {
    window.removeEventListener('online', renew)
    network?.removeEventListener('change', networkChanged)
    document.removeEventListener('visibilitychange', comeBack)
    stop()
  })

  return {
    way,
    phase,
    count,
    look,
    problem,
    hasFailed,
    isSilent,
    sinceMs: sinceMs as Readonly<Ref<number | null>>,
    isOn,
    countDown,
    cancel,
    stop,
    refuse,
  }
}
export type OnAir = ReturnType<typeof useOnAir>
