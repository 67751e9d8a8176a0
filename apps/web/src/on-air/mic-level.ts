/** How loud the microphone is, from 0 to 1, for a meter. */
export interface MicLevel {
  read(): number
  close(): void
}

const quietDb = -60

export function openMicLevel(stream: MediaStream): MicLevel | null {
  if (stream.getAudioTracks().length === 0 || typeof AudioContext === 'undefined') return null
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 1024
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  void context.resume().catch(() => undefined)
  return {
    read() {
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      const db = power > 0 ? 10 * Math.log10(power) : quietDb
      return Math.min(1, Math.max(0, 1 - db / quietDb))
    },
    close() {
      void context.close().catch(() => undefined)
    },
  }
}
