/** Runs on the audio thread: gathers 20 ms of the microphone and passes them on. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void

const packetFrames = 960

class MicTap extends AudioWorkletProcessor {
  #packet = new Float32Array(packetFrames)
  #filled = 0

  process([input]: Float32Array[][]): boolean {
    const [samples] = input ?? []
    for (let at = 0; samples && at < samples.length; ) {
      const count = Math.min(samples.length - at, packetFrames - this.#filled)
      this.#packet.set(samples.subarray(at, at + count), this.#filled)
      this.#filled += count
      at += count
      if (this.#filled === packetFrames) {
        this.port.postMessage(this.#packet, [this.#packet.buffer])
        this.#packet = new Float32Array(packetFrames)
        this.#filled = 0
      }
    }
    return true
  }
}
registerProcessor('mic-tap', MicTap)
