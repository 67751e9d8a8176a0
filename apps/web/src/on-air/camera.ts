/** Camera and microphone of this device, as the page asks for them. */

export type Facing = 'user' | 'environment'
/** The shorter side of the picture, in pixels. */
export const SIZES_PX = [540, 720, 1080] as const
export type SizePx = (typeof SIZES_PX)[number]

/** What the encoder may make of each size, in bits a second. */
export const MOST_BPS: Readonly<Record<SizePx, number>> = { 540: 1_500_000, 720: 2_500_000, 1080: 4_000_000 }

export interface CameraWish {
  facing: Facing
  /** A device that was chosen by name; it comes before the facing. */
  cameraId: string | null
  microphoneId: string | null
  sizePx: SizePx
}

/** Why there is no picture: what the reader can do differs. */
export type CameraTrouble = 'denied' | 'missing' | 'in_use' | 'failed'

export class CameraError extends Error {
  readonly trouble: CameraTrouble

  constructor(trouble: CameraTrouble) {
    super(trouble)
    this.trouble = trouble
  }
}

const TROUBLE_OF: Readonly<Record<string, CameraTrouble>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'in_use',
  AbortError: 'in_use',
}

/** A phone counts its camera's sides as it lies on its side, and turns the picture by itself; so the longer side is always asked for as the width. */
function videoOf({ facing, cameraId, sizePx }: CameraWish): MediaTrackConstraints {
  const longPx = Math.round((sizePx * 16) / 9)
  return {
    width: { ideal: longPx },
    height: { ideal: sizePx },
    frameRate: { ideal: 30, max: 30 },
    ...(cameraId === null ? { facingMode: { ideal: facing } } : { deviceId: { exact: cameraId } }),
  }
}

function audioOf({ microphoneId }: CameraWish): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(microphoneId === null ? {} : { deviceId: { exact: microphoneId } }),
  }
}

/**
 * Opens camera and microphone, asking for leave where the browser wants it. Without a microphone the picture comes alone.
 * @throws CameraError
 */
export async function openCamera(wish: CameraWish): Promise<MediaStream> {
  const { mediaDevices } = navigator
  try {
    return await mediaDevices.getUserMedia({ video: videoOf(wish), audio: audioOf(wish) })
  } catch (cause) {
    const trouble = troubleOf(cause)
    if (trouble !== 'missing' && trouble !== 'in_use') throw new CameraError(trouble)
  }
  // One of the two is not there or taken: perhaps only the microphone.
  try {
    return await mediaDevices.getUserMedia({ video: videoOf(wish) })
  } catch (cause) {
    throw new CameraError(troubleOf(cause))
  }
}

function troubleOf(cause: unknown): CameraTrouble {
  return cause instanceof DOMException ? (TROUBLE_OF[cause.name] ?? 'failed') : 'failed'
}

export interface Devices {
  cameras: MediaDeviceInfo[]
  microphones: MediaDeviceInfo[]
}

/** What there is to choose from; names come only after leave was given. */
export async function listDevices(): Promise<Devices> {
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => [])
  const of = (kind: MediaDeviceKind) => all.filter((device) => device.kind === kind && device.deviceId !== '')
  return { cameras: of('videoinput'), microphones: of('audioinput') }
}

export function closeStream(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}

/** Torch of phones, which the standard keeps in an extension (W3C image capture). */
interface TorchCapabilities extends MediaTrackCapabilities {
  torch?: boolean
}
interface TorchConstraints extends MediaTrackConstraintSet {
  torch?: boolean
}

export function hasTorch(stream: MediaStream | null): boolean {
  const [track] = stream?.getVideoTracks() ?? []
  return (track?.getCapabilities?.() as TorchCapabilities | undefined)?.torch === true
}

/** False when the camera would not do it. */
export async function setTorch(stream: MediaStream | null, isOn: boolean): Promise<boolean> {
  const [track] = stream?.getVideoTracks() ?? []
  const wish: TorchConstraints = { torch: isOn }
  return (
    track?.applyConstraints({ advanced: [wish] }).then(
      () => true,
      () => false,
    ) ?? false
  )
}

/** Whether what is seen is the host: then the preview is a mirror, as everybody expects of one. What viewers see never is. */
export function isMirrored(stream: MediaStream | null, wish: CameraWish): boolean {
  const [track] = stream?.getVideoTracks() ?? []
  const facing = track?.getSettings().facingMode
  return facing === undefined || facing === '' ? wish.facing === 'user' : facing === 'user'
}
