import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { readChoice, writeChoice } from '../i18n/stored-choice.ts'
import {
  CameraError,
  type CameraTrouble,
  type CameraWish,
  closeStream,
  type Devices,
  hasTorch,
  isMirrored,
  listDevices,
  openCamera,
  SIZES_PX,
  setTorch,
} from './camera.ts'

const SIZE_CHOICE = 'camera-size'

/** The camera and microphone while the page is there: opened, changed, lost and found again. */
export function useCamera() {
  const stored = SIZES_PX.find((px) => String(px) === readChoice(SIZE_CHOICE))
  const wish = ref<CameraWish>({ facing: 'user', cameraId: null, microphoneId: null, sizePx: stored ?? 720 })
  const stream = shallowRef<MediaStream | null>(null)
  const trouble = ref<CameraTrouble | null>(null)
  const isOpening = ref(false)
  const devices = shallowRef<Devices>({ cameras: [], microphones: [] })
  const isMuted = ref(false)
  const isTorchOn = ref(false)
  /** The camera is another app's for the moment, or was pulled out. */
  const isCut = ref(false)
  let isGone = false

  function watchTracks(of: MediaStream): void {
    for (const track of of.getTracks()) {
      const isCamera = track.kind === 'video'
      track.addEventListener('mute', () => {
        if (of === stream.value && isCamera) isCut.value = true
      })
      track.addEventListener('unmute', () => {
        if (of === stream.value && isCamera) isCut.value = false
      })
      track.addEventListener('ended', () => {
        if (of !== stream.value) return
        if (isCamera) isCut.value = true
        if (!document.hidden) void open()
      })
    }
  }

  /** Opens what is wished for. What was open is let go first: most phones give one camera at a time. */
  async function open(): Promise<void> {
    if (isOpening.value || isGone) return
    isOpening.value = true
    const old = stream.value
    closeStream(old)
    try {
      const opened = await openCamera(wish.value)
      if (isGone) {
        closeStream(opened)
        return
      }
      for (const track of opened.getAudioTracks()) track.enabled = !isMuted.value
      stream.value = opened
      trouble.value = null
      isCut.value = false
      isTorchOn.value = false
      watchTracks(opened)
      devices.value = await listDevices()
    } catch (cause) {
      stream.value = null
      trouble.value = cause instanceof CameraError ? cause.trouble : 'failed'
    } finally {
      isOpening.value = false
    }
  }
  function change(next: Partial<CameraWish>): Promise<void> {
    wish.value = { ...wish.value, ...next }
    if (next.sizePx !== undefined) writeChoice(SIZE_CHOICE, String(next.sizePx))
    return open()
  }
  function flip(): Promise<void> {
    return change({ facing: wish.value.facing === 'user' ? 'environment' : 'user', cameraId: null })
  }
  function mute(on: boolean): void {
    isMuted.value = on
    for (const track of stream.value?.getAudioTracks() ?? []) track.enabled = !on
  }
  async function torch(on: boolean): Promise<void> {
    if (await setTorch(stream.value, on)) isTorchOn.value = on
  }
  /** A page that comes back finds that its camera was taken meanwhile. */
  function comeBack(): void {
    if (document.hidden || stream.value === null) return
    if (stream.value.getTracks().some(({ readyState }) => readyState === 'ended')) void open()
  }
  const relist = () => void listDevices().then((found) => (devices.value = found))
  document.addEventListener('visibilitychange', comeBack)
  navigator.mediaDevices?.addEventListener?.('devicechange', relist)
  onScopeDispose(() => {
    isGone = true
    document.removeEventListener('visibilitychange', comeBack)
    navigator.mediaDevices?.removeEventListener?.('devicechange', relist)
    closeStream(stream.value)
  })

  return {
    wish,
    stream,
    trouble,
    isOpening,
    devices,
    isMuted,
    isTorchOn,
    isCut,
    hasTorch: computed(() => hasTorch(stream.value)),
    hasSound: computed(() => (stream.value?.getAudioTracks().length ?? 0) > 0),
    isMirrored: computed(() => isMirrored(stream.value, wish.value)),
    canFlip: computed(() => devices.value.cameras.length > 1 || stream.value === null),
    open,
    change,
    flip,
    mute,
    torch,
  }
}
export type Camera = ReturnType<typeof useCamera>
