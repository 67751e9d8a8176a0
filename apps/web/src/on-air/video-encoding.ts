import { PUBLISH_KIND } from '@chunbo/contract/publish'
import { chooseVideoConfig } from './ways.ts'
import { bytesOf, makeMessage, videoConfigMessage } from './wire.ts'

export interface VideoEncodingEvents {
  /** A message for the server, in the order of the pictures. */
  message(message: Uint8Array, of: { isConfig: boolean; isKey: boolean; dtsUs: number }): void
  /** This device cannot encode. */
  failed(): void
}

const keyGapUs = 2_000_000
/** Pictures under way in the encoder; more means that it cannot follow, and the newest is left out. */
const queueMost = 3
/** A phone takes its encoder away while another app needs it; it is asked for again, but not for ever. */
const failuresMost = 5

/** Pictures in, messages of H.264 out. The shorter side of what comes out is at most `shortSidePx`. */
export class VideoEncoding {
  readonly #on: VideoEncodingEvents
  readonly #shortSidePx: number
  #bps: number
  #encoder: VideoEncoder | null = null
  #config: VideoEncoderConfig | null = null
  #isPreparing = false
  #sizeOfFrames = ''
  #lastKeyUs = Number.NEGATIVE_INFINITY
  #wantsKey = true
  #failures = 0
  #isClosed = false
  /** Pictures that were left out because the encoder was behind. */
  skipped = 0

  constructor(shortSidePx: number, bitsPerSecond: number, on: VideoEncodingEvents) {
    this.#shortSidePx = shortSidePx
    this.#bps = bitsPerSecond
    this.#on = on
  }

  get size(): { widthPx: number; heightPx: number } | null {
    return this.#config ? { widthPx: this.#config.width, heightPx: this.#config.height } : null
  }

  requestKey(): void {
    this.#wantsKey = true
  }

  setBitrate(bitsPerSecond: number): void {
    this.#bps = bitsPerSecond
    if (!this.#config || this.#encoder?.state !== 'configured') return
    this.#config = { ...this.#config, bitrate: bitsPerSecond }
    this.#encoder.configure(this.#config)
  }

  /** Takes the picture over and closes it. */
  encode(frame: VideoFrame, atUs: number): void {
    const sizeOfFrames = `${frame.displayWidth}x${frame.displayHeight}`
    const encoder = this.#encoder
    if (sizeOfFrames !== this.#sizeOfFrames || encoder?.state !== 'configured') {
      this.#prepare(sizeOfFrames, frame.displayWidth, frame.displayHeight)
      frame.close()
      return
    }
    if (encoder.encodeQueueSize >= queueMost) {
      this.skipped += 1
      frame.close()
      return
    }
    const stamped = new VideoFrame(frame, { timestamp: Math.round(atUs) })
    frame.close()
    const keyFrame = this.#wantsKey || atUs - this.#lastKeyUs >= keyGapUs
    if (keyFrame) this.#lastKeyUs = atUs
    this.#wantsKey = false
    try {
      encoder.encode(stamped, { keyFrame })
    } catch {
      this.#fail()
    }
    stamped.close()
  }

  close(): void {
    this.#isClosed = true
    this.#letGo()
  }

  /** A new size, or an encoder that is gone: chooses one and starts it with the next picture. */
  #prepare(sizeOfFrames: string, frameWidthPx: number, frameHeightPx: number): void {
    if (this.#isPreparing || this.#isClosed) return
    this.#isPreparing = true
    const scale = Math.min(1, this.#shortSidePx / Math.min(frameWidthPx, frameHeightPx))
    const even = (px: number) => Math.max(2, 2 * Math.round((px * scale) / 2))
    void chooseVideoConfig({ widthPx: even(frameWidthPx), heightPx: even(frameHeightPx) }, this.#bps).then((config) => {
      this.#isPreparing = false
      if (this.#isClosed) return
      if (!config) {
        this.#giveUp()
        return
      }
      this.#letGo()
      this.#config = { ...config, bitrate: this.#bps }
      this.#sizeOfFrames = sizeOfFrames
      this.#wantsKey = true
      const encoder = new VideoEncoder({
        output: (chunk, metadata) => this.#give(chunk, metadata),
        error: () => {
          if (encoder === this.#encoder) this.#fail()
        },
      })
      encoder.configure(this.#config)
      this.#encoder = encoder
    })
  }

  #give(chunk: EncodedVideoChunk, metadata: EncodedVideoChunkMetadata | undefined): void {
    const description = metadata?.decoderConfig?.description
    const dtsUs = chunk.timestamp
    if (description) {
      this.#on.message(videoConfigMessage(bytesOf(description)), { isConfig: true, isKey: false, dtsUs })
    }
    const isKey = chunk.type === 'key'
    const head = { kind: PUBLISH_KIND.video, key: isKey, dtsUs }
    const message = makeMessage(head, chunk.byteLength, (room) => chunk.copyTo(room))
    this.#failures = 0
    this.#on.message(message, { isConfig: false, isKey, dtsUs })
  }

  #fail(): void {
    this.#failures += 1
    this.#letGo()
    if (this.#failures > failuresMost) this.#giveUp()
  }

  #giveUp(): void {
    this.close()
    this.#on.failed()
  }

  #letGo(): void {
    const encoder = this.#encoder
    this.#encoder = null
    if (encoder && encoder.state !== 'closed') encoder.close()
  }
}
