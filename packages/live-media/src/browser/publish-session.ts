import {
  PUBLISH_REFUSALS,
  type PublishFormat,
  type PublishHello,
  type PublishRefusal,
  type PublishServerMessage,
} from '@chunbo/contract/publish'
import { type IngestSink, MediaFormatError } from '../ingest-sink.ts'
import type { PublishLimits } from '../limits.ts'
import type { ContainerReader } from './container-reader.ts'
import { MatroskaReader } from './matroska-reader.ts'
import { Mp4Reader } from './mp4-reader.ts'
import { ArrivalRate } from './publish-arrivals.ts'
import { type PublishMedia, readPublishMedia, readPublishText } from './publish-message.ts'

/** The part of a socket that a session uses; tests and the fuzzer bring their own. */
export interface PublishPort {
  send(message: PublishServerMessage): void
  /** Sends what was sent, then closes. Called once. */
  close(reason: string): void
}

/** What a hello leads to. The sink may be one that a socket before has fed. */
export type OpenPublishAnswer =
  | { kind: 'opened'; sink: IngestSink; resumed: boolean }
  | { kind: 'refused'; code: PublishRefusal }

export interface PublishSessionOptions {
  port: PublishPort
  limits: PublishLimits
  now: () => number
  open: (hello: PublishHello) => Promise<OpenPublishAnswer>
  /** A fault of ours, not of the peer. The socket is closed already. */
  onFault: (error: unknown) => void
}

type State =
  | { kind: 'greeting' }
  | { kind: 'opening'; format: PublishFormat }
  | { kind: 'publishing'; sink: IngestSink; container: ContainerReader | null }
  | { kind: 'closed' }

const keyRequestMs = 1_000

/**
 * One socket of a browser that is on air, free of sockets and timers: messages in by `receiveText` and `receiveBinary`, time by `tick`.
 * What it feeds outlives it: a publisher that comes back on another socket goes on with the same sink.
 */
export class PublishSession {
  readonly #options: PublishSessionOptions
  readonly #rate: ArrivalRate
  readonly #openedAtMs: number
  #state: State = { kind: 'greeting' }
  #lastMessageMs: number
  #lastPictureMs: number
  #lastAckMs: number
  #lastKeyRequestMs = Number.NEGATIVE_INFINITY
  #receivedBytes = 0
  #dtsUs: number | null = null
  /** Pictures before the first key frame cannot be decoded, and none has come yet. */
  #wantsKey = true

  constructor(options: PublishSessionOptions) {
    this.#options = options
    this.#rate = new ArrivalRate(options.limits)
    this.#openedAtMs = options.now()
    this.#lastMessageMs = this.#openedAtMs
    this.#lastPictureMs = this.#openedAtMs
    this.#lastAckMs = this.#openedAtMs
  }

  get publishing(): boolean {
    return this.#state.kind === 'publishing'
  }

  get closed(): boolean {
    return this.#state.kind === 'closed'
  }

  /** Takes text of any content. Never throws: whatever is wrong closes the socket. */
  receiveText(text: string): void {
    this.#guard(text.length, () => {
      const message = text.length > this.#options.limits.textBytes ? null : readPublishText(text)
      if (message?.t === 'hello' && this.#state.kind === 'greeting') this.#greet(message)
      else if (message?.t === 'stop' && this.#state.kind === 'publishing') this.#end('unpublished')
      else this.#refuse('bad_message')
    })
  }

  /** Takes bytes of any length and content. Never throws: whatever is wrong closes the socket. */
  receiveBinary(bytes: Buffer): void {
    this.#guard(bytes.length, () => {
      const { limits } = this.#options
      const media = bytes.length > limits.messageBytes ? null : readPublishMedia(bytes)
      if (!media || this.#state.kind !== 'publishing') {
        this.#refuse('bad_message')
        return
      }
      this.#receivedBytes += bytes.length
      this.#feed(this.#state, media)
    })
  }

  /** Checks the deadlines and tells the publisher how it goes; to be called about four times a second. */
  tick(): void {
    const { limits, now, port } = this.#options
    const nowMs = now()
    const { kind } = this.#state
    if (kind === 'closed') return
    if (kind === 'greeting' && nowMs - this.#openedAtMs > limits.helloMs) this.#refuse('bad_message')
    else if (kind === 'opening' && nowMs - this.#openedAtMs > 2 * limits.helloMs) this.#refuse('server_fault')
    else if (nowMs - this.#lastMessageMs > limits.idleMs) this.#refuse('silent')
    else if (kind === 'publishing' && nowMs - this.#lastPictureMs > limits.mediaIdleMs) this.#refuse('silent')
    else if (kind === 'publishing' && nowMs - this.#lastAckMs >= limits.ackMs) {
      this.#lastAckMs = nowMs
      const bitsPerSecond = this.#rate.bitsPerSecond(nowMs)
      port.send({ t: 'ack', bytes: this.#receivedBytes, dtsUs: this.#dtsUs, bitsPerSecond })
    }
  }

  /** Sends the publisher away with a word. Its sink is the caller's to end. */
  dismiss(code: PublishRefusal): void {
    this.#refuse(code)
  }

  /** The socket is gone. Idempotent; the sink stays open for a publisher that comes back. */
  stop(reason: string): void {
    this.#close(reason)
  }

  #guard(sizeBytes: number, take: () => void): void {
    if (this.#state.kind === 'closed') return
    this.#lastMessageMs = this.#options.now()
    try {
      if (this.#rate.count(this.#lastMessageMs, sizeBytes)) take()
      else this.#refuse('too_much')
    } catch (error) {
      this.#fail(error)
    }
  }

  #greet(hello: PublishHello): void {
    this.#state = { kind: 'opening', format: hello.format }
    this.#options.open(hello).then(
      (answer) => this.#welcome(answer),
      (error: unknown) => this.#fail(error),
    )
  }

  #welcome(answer: OpenPublishAnswer): void {
    const { limits, now, port } = this.#options
    if (this.#state.kind !== 'opening') return
    if (answer.kind === 'refused') {
      this.#refuse(answer.code)
      return
    }
    const { sink, resumed } = answer
    const { format } = this.#state
    this.#state = { kind: 'publishing', sink, container: readerOf(format, this.#targetOf(sink)) }
    this.#lastPictureMs = now()
    port.send({
      t: 'welcome',
      resumed,
      ackMs: limits.ackMs,
      bitsPerSecondMax: limits.bitsPerSecond,
      messageBytesMax: limits.messageBytes,
    })
  }

  /** The samples of a recording count as pictures too. */
  #targetOf(sink: IngestSink): IngestSink {
    return {
      ...sink,
      video: (sample) => {
        this.#seePicture(sample.key, sample.dtsMs * 1_000)
        sink.video(sample)
      },
    }
  }

  #feed(state: Extract<State, { kind: 'publishing' }>, media: PublishMedia): void {
    const { sink, container } = state
    if ((media.kind === 'container') !== (container !== null)) {
      this.#refuse('bad_message')
      return
    }
    switch (media.kind) {
      case 'videoConfig':
        sink.setVideo(media.avcC)
        return
      case 'audioConfig':
        sink.setAudio(media.config)
        return
      case 'video':
        this.#seePicture(media.sample.key, media.dtsUs)
        sink.video(media.sample)
        return
      case 'audio':
        sink.audio(media.sample)
        return
      case 'container':
        container?.receive(media.bytes)
    }
  }

  #seePicture(key: boolean, dtsUs: number): void {
    this.#lastPictureMs = this.#lastMessageMs
    this.#dtsUs = dtsUs
    if (key) this.#wantsKey = false
    if (!this.#wantsKey || this.#lastMessageMs - this.#lastKeyRequestMs < keyRequestMs) return
    this.#lastKeyRequestMs = this.#lastMessageMs
    this.#options.port.send({ t: 'key' })
  }

  #refuse(code: PublishRefusal, texts: { zh: string; en: string } = PUBLISH_REFUSALS[code]): void {
    if (this.#state.kind === 'closed') return
    const { final, retryAfterMs } = PUBLISH_REFUSALS[code]
    const { zh, en } = texts
    this.#options.port.send({ t: 'problem', code, texts: { zh, en }, final, retryAfterMs })
    this.#close(code)
  }

  #fail(error: unknown): void {
    if (error instanceof MediaFormatError) {
      if (error.refusal.code === 'bitrate_too_high') {
        this.#refuse('too_much')
        return
      }
      // The table's advice holds for all of them; what was wrong in this case comes first.
      const { zh, en } = error.refusal
      const { zh: adviceZh, en: adviceEn } = PUBLISH_REFUSALS.media_refused
      this.#refuse('media_refused', { zh: `${zh}。${adviceZh}`, en: `${en}. ${adviceEn}` })
    } else {
      this.#refuse('server_fault')
      this.#options.onFault(error)
    }
  }

  #end(reason: string): void {
    if (this.#state.kind === 'publishing') this.#state.sink.end(reason)
    this.#close(reason)
  }

  #close(reason: string): void {
    if (this.#state.kind === 'closed') return
    this.#state = { kind: 'closed' }
    this.#options.port.close(reason)
  }
}

function readerOf(format: PublishFormat, sink: IngestSink): ContainerReader | null {
  switch (format) {
    case 'frames':
      return null
    case 'mp4':
      return new Mp4Reader(sink)
    case 'matroska':
      return new MatroskaReader(sink)
  }
}
