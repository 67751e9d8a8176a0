import { PUBLISH_KIND } from '@chunbo/contract/publish'
import { chooseAudioConfig } from './ways.ts'
import { audioConfigMessage, bytesOf, makeMessage } from './wire.ts'

export interface AudioEncodingEvents {
  message(message: Uint8Array, of: { isConfig: boolean }): void
  /** The show goes on without sound. */
  failed(): void
}

const channelsMost = 2
const resyncUs = 100_000

/** Sound in, messages of AAC or Opus out. */
export class AudioEncoding {
  readonly #on: AudioEncodingEvents
  #encoder: AudioEncoder | null = null
  #shape = ''
  #isPreparing = false
  #isClosed = false
  /** What the encoder's own clock, which only counts samples, is behind the page's. */
  #aheadUs: number | null = null

  constructor(on: AudioEncodingEvents) {
    this.#on = on
  }

  /** Takes the sound over and closes it. */
  encode(data: AudioData, atUs: number): void {
    const channels = Math.min(data.numberOfChannels, channelsMost)
    const shape = `${data.sampleRate}/${channels}`
    if (shape !== this.#shape || this.#encoder?.state !== 'configured') {
      this.#prepare(shape, data.sampleRate, channels)
    } else {
      // Encoders stamp by counting from the first sample, so a gap is told them by a new offset and not by a stamp.
      const aheadUs = atUs - data.timestamp
      if (this.#aheadUs === null || Math.abs(aheadUs - this.#aheadUs) > resyncUs) this.#aheadUs = aheadUs
      this.#encoder.encode(data)
    }
    data.close()
  }

  close(): void {
    this.#isClosed = true
    if (this.#encoder && this.#encoder.state !== 'closed') this.#encoder.close()
    this.#encoder = null
  }

  #giveUp(): void {
    this.close()
    this.#on.failed()
  }

  #prepare(shape: string, sampleRate: number, channels: number): void {
    if (this.#isPreparing || this.#isClosed) return
    this.#isPreparing = true
    void chooseAudioConfig(sampleRate, channels).then((config) => {
      this.#isPreparing = false
      if (this.#isClosed) return
      this.#shape = shape
      if (!config) {
        this.#giveUp()
        return
      }
      if (this.#encoder && this.#encoder.state !== 'closed') this.#encoder.close()
      this.#aheadUs = null
      this.#encoder = new AudioEncoder({
        output: (chunk, metadata) => this.#give(chunk, metadata, config),
        error: () => {
          this.#encoder = null
        },
      })
      this.#encoder.configure(config)
    })
  }

  #give(chunk: EncodedAudioChunk, metadata: EncodedAudioChunkMetadata | undefined, config: AudioEncoderConfig): void {
    if (metadata?.decoderConfig) {
      const { description } = metadata.decoderConfig
      const isAac = config.codec !== 'opus'
      const specificConfig = isAac && description ? bytesOf(description) : null
      if (isAac && !specificConfig) {
        this.#giveUp()
        return
      }
      this.#on.message(audioConfigMessage(config.numberOfChannels, specificConfig), { isConfig: true })
    }
    const head = { kind: PUBLISH_KIND.audio, dtsUs: chunk.timestamp + (this.#aheadUs ?? 0) }
    this.#on.message(
      makeMessage(head, chunk.byteLength, (room) => chunk.copyTo(room)),
      { isConfig: false },
    )
  }
}
