import type { FrameSource } from './frames-of.ts'
import workletUrl from './mic-worklet.ts?worker&url'

const rateHz = 48_000

/** Sound of a track through an audio worklet, for browsers that give no frames of a track. */
export async function listenToTrack(track: MediaStreamTrack, give: (data: AudioData) => void): Promise<FrameSource> {
  const context = new AudioContext({ sampleRate: rateHz })
  await context.audioWorklet.addModule(workletUrl)
  const source = context.createMediaStreamSource(new MediaStream([track]))
  const tap = new AudioWorkletNode(context, 'mic-tap', {
    numberOfOutputs: 1,
    channelCount: 1,
    channelCountMode: 'explicit',
  })
  let frames = 0
  tap.port.onmessage = ({ data }: MessageEvent<Float32Array<ArrayBuffer>>) => {
    give(
      new AudioData({
        format: 'f32-planar',
        sampleRate: rateHz,
        numberOfFrames: data.length,
        numberOfChannels: 1,
        timestamp: Math.round((frames * 1_000_000) / rateHz),
        data,
      }),
    )
    frames += data.length
  }
  source.connect(tap)
  // A node that leads nowhere is not run by every browser; what it puts out is silence.
  tap.connect(context.destination)
  await context.resume()
  return {
    stop() {
      tap.port.onmessage = null
      source.disconnect()
      tap.disconnect()
      void context.close().catch(() => undefined)
    },
  }
}
