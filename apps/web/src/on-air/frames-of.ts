import { ClockMap } from './clock-map.ts'

/** Gives frames one by one until it is stopped. The taker closes them. */
export interface FrameSource {
  stop(): void
}

const usPerMs = 1_000

/** Pictures of a camera, their times on the page's clock. */
export function videoFramesOf(track: MediaStreamTrack, take: (frame: VideoFrame, atUs: number) => void): FrameSource {
  const clock = new ClockMap()
  const give = (frame: VideoFrame) => take(frame, clock.map(frame.timestamp, performance.now() * usPerMs))
  return 'MediaStreamTrackProcessor' in window ? readTrack<VideoFrame>(track, give) : watchElement(track, give)
}

/** Sound of a microphone, its times on the page's clock. */
export async function audioDataOf(
  track: MediaStreamTrack,
  take: (data: AudioData, atUs: number) => void,
): Promise<FrameSource> {
  const clock = new ClockMap()
  const give = (data: AudioData) => {
    // What is seen now was taken a packet ago.
    take(data, clock.map(data.timestamp, performance.now() * usPerMs - data.duration))
  }
  if ('MediaStreamTrackProcessor' in window) return readTrack<AudioData>(track, give)
  const { listenToTrack } = await import('./mic-tap.ts')
  return listenToTrack(track, give)
}

function readTrack<T extends VideoFrame | AudioData>(track: MediaStreamTrack, give: (frame: T) => void): FrameSource {
  const reader = new MediaStreamTrackProcessor<T>({ track }).readable.getReader()
  let isStopped = false
  async function read(): Promise<void> {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      if (isStopped) value.close()
      else give(value)
    }
  }
  read().catch(() => undefined)
  return {
    stop() {
      isStopped = true
      void reader.cancel().catch(() => undefined)
    },
  }
}

/** Safari and Firefox: an element plays the track unseen, and each picture it shows is taken from it. */
function watchElement(track: MediaStreamTrack, give: (frame: VideoFrame) => void): FrameSource {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.srcObject = new MediaStream([track])
  let isStopped = false
  const see = (nowMs: number, metadata: VideoFrameCallbackMetadata) => {
    if (isStopped) return
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const takenMs = metadata.captureTime ?? nowMs
      give(new VideoFrame(video, { timestamp: Math.round(takenMs * usPerMs) }))
    }
    video.requestVideoFrameCallback(see)
  }
  video.requestVideoFrameCallback(see)
  void video.play().catch(() => undefined)
  return {
    stop() {
      isStopped = true
      video.srcObject = null
    },
  }
}
