import type { SampleTarget } from '../browser/container-reader.ts'
import type { AudioConfig, AudioSample, VideoSample } from '../ingest-sink.ts'

export interface Collected extends SampleTarget {
  avcC: Buffer[]
  configs: AudioConfig[]
  pictures: VideoSample[]
  sounds: AudioSample[]
}

/** A target that keeps what it is given. */
export function collectSamples(): Collected {
  const avcC: Buffer[] = []
  const configs: AudioConfig[] = []
  const pictures: VideoSample[] = []
  const sounds: AudioSample[] = []
  return {
    avcC,
    configs,
    pictures,
    sounds,
    setVideo: (bytes) => void avcC.push(bytes),
    setAudio: (config) => void configs.push(config),
    video: (sample) => void pictures.push(sample),
    audio: (sample) => void sounds.push(sample),
  }
}
