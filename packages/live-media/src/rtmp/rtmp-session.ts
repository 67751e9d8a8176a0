import { type IngestRefusal, ingestRefusal, isRefusalCode, refusalLine } from '../ingest-refusals.ts'
import { type IngestSink, MediaFormatError } from '../ingest-sink.ts'
import type { RtmpLimits } from '../limits.ts'
import type { Amf0Value } from './amf0.ts'
import { Amf0Error, decodeAmf0 } from './amf0.ts'
import { feedFlvAudio, feedFlvVideo } from './flv-media.ts'
import { RateGuard } from './rate-guard.ts'
import { RtmpChunkReader } from './rtmp-chunk-reader.ts'
import { ServerHandshake } from './rtmp-handshake.ts'
import { messageType, type RtmpMessage, RtmpProtocolError } from './rtmp-message.ts'
import { command, connectAccepted, control, pong, serverWindowBytes, status } from './rtmp-replies.ts'

/** The part of a socket that a session uses; tests and the fuzzer bring their own. */
interface RtmpPort {
  write(bytes: Buffer): void
  /** Sends what was written, then closes. Called once. */
  close(reason: string): void
}

/** What the session asks when somebody wants to publish. */
export type PublishAnswer =
  | { kind: 'accepted'; sink: IngestSink; nameEncoder: (encoder: string) => void }
  | { kind: 'refused'; refusal: IngestRefusal }

export interface RtmpSessionOptions {
  port: RtmpPort
  limits: RtmpLimits
  now: () => number
  /** `client` is what the publisher's software calls itself. */
  publish: (streamKey: string, client: string) => Promise<PublishAnswer>
  /** A publish that was let in ends by a fault of the publisher's. */
  onRefused: (refusal: IngestRefusal) => void
  /** A fault of ours, not of the peer. The connection is closed already. */
  onFault: (error: unknown) => void
}

type State =
  | { kind: 'handshaking'; handshake: ServerHandshake }
  | { kind: 'connecting' }
  | { kind: 'connected' }
  /** Messages that came with the publish command wait for its answer; the socket's owner bounds them by bitrate. */
  | { kind: 'authorising'; held: RtmpMessage[]; heldBytes: number }
  | { kind: 'publishing'; sink: IngestSink; streamId: number; nameEncoder: (encoder: string) => void }
  | { kind: 'closed' }

/** A key, or a name with the key behind it, as media servers forward streams; other parameters are not for us. */
const streamShape = /^[A-Za-z0-9_-]{1,128}(\?key=[A-Za-z0-9_-]{1,128})?$/
const messageStreamId = 1
const heldBytesMax = 1024 * 1024
const ackWindowBytesMin = 64 * 1024
const pingRequest = 6
const clientCharsMax = 128

/** One publisher's connection, free of sockets and timers: bytes in by `receive`, time by `tick`. */
export class RtmpSession {
  readonly #options: RtmpSessionOptions
  readonly #reader: RtmpChunkReader
  readonly #rate: RateGuard
  readonly #acceptedAtMs: number
  #state: State = { kind: 'handshaking', handshake: new ServerHandshake() }
  #lastByteMs: number
  #lastFrameMs: number
  #receivedBytes = 0
  #acknowledgedBytes = 0
  #ackWindowBytes = serverWindowBytes
  #client = ''

  constructor(options: RtmpSessionOptions) {
    this.#options = options
    this.#reader = new RtmpChunkReader(options.limits)
    this.#rate = new RateGuard(options.limits)
    this.#acceptedAtMs = options.now()
    this.#lastByteMs = this.#acceptedAtMs
    this.#lastFrameMs = this.#acceptedAtMs
  }

  get publishing(): boolean {
    return this.#state.kind === 'publishing'
  }

  /** Takes bytes of any length and content. Never throws: whatever is wrong closes the connection. */
  receive(bytes: Buffer): void {
    if (this.#state.kind === 'closed') return
    this.#lastByteMs = this.#options.now()
    this.#receivedBytes += bytes.length
    try {
      this.#rate.count(this.#lastByteMs, bytes.length, 0)
      if (this.#state.kind === 'handshaking') this.#shake(this.#state.handshake, bytes)
      else this.#read(bytes)
      this.#acknowledge()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Checks the deadlines; to be called about twice a second. */
  tick(): void {
    const { limits, now } = this.#options
    const nowMs = now()
    const ageMs = nowMs - this.#acceptedAtMs
    const { kind } = this.#state
    if (kind === 'handshaking' && ageMs > limits.handshakeMs) this.#close('handshake_timeout')
    else if (kind !== 'publishing' && ageMs > limits.publishMs + limits.authoriseMs) this.#close('publish_timeout')
    else if ((kind === 'connecting' || kind === 'connected') && ageMs > limits.publishMs) this.#close('publish_timeout')
    else if (nowMs - this.#lastByteMs > limits.idleMs) this.#close('idle')
    else if (kind === 'publishing' && nowMs - this.#lastFrameMs > limits.mediaIdleMs) this.#close('no_frames')
  }

  /** The connection is gone, or is to go: ends what was published, and says why where there is a word for it. Idempotent. */
  stop(reason: string): void {
    if (this.#state.kind === 'publishing' && isRefusalCode(reason)) {
      this.#options.port.write(rejection(this.#state.streamId, ingestRefusal(reason)))
    }
    this.#close(reason)
  }

  #shake(handshake: ServerHandshake, bytes: Buffer): void {
    const { answer, rest } = handshake.receive(bytes)
    if (answer) this.#options.port.write(answer)
    if (!rest) return
    this.#state = { kind: 'connecting' }
    if (rest.length > 0) this.#read(rest)
  }

  #read(bytes: Buffer): void {
    this.#reader.receive(bytes, (message) => {
      this.#rate.count(this.#lastByteMs, 0, 1)
      this.#take(message)
    })
  }

  #take(message: RtmpMessage): void {
    const state = this.#state
    if (state.kind === 'closed') return
    if (state.kind === 'authorising') {
      state.heldBytes += message.payload.length
      if (state.heldBytes > heldBytesMax)
        throw new RtmpProtocolError('too much was sent before the publish was accepted')
      state.held.push(message)
      return
    }
    switch (message.typeId) {
      case messageType.windowSize:
        if (message.payload.length >= 4) {
          this.#ackWindowBytes = Math.max(ackWindowBytesMin, message.payload.readUInt32BE(0))
        }
        return
      case messageType.userControl:
        if (message.payload.length >= 6 && message.payload.readUInt16BE(0) === pingRequest) {
          this.#options.port.write(pong(message.payload))
        }
        return
      case messageType.commandAmf0:
        this.#command(message.streamId, decodeAmf0(message.payload))
        return
      case messageType.commandAmf3:
        // An AMF3 command message starts with a format byte and goes on in AMF0.
        this.#command(message.streamId, decodeAmf0(message.payload.subarray(1)))
        return
      case messageType.dataAmf0:
        this.#metadata(message.payload)
        return
      case messageType.audio:
      case messageType.video:
        this.#media(message)
        return
      default:
        // Acknowledgements, shared objects and the like mean nothing to a server that only takes in.
        return
    }
  }

  #media(message: RtmpMessage): void {
    if (this.#state.kind !== 'publishing') return
    const { sink } = this.#state
    const feed = message.typeId === messageType.video ? feedFlvVideo : feedFlvAudio
    if (feed(sink, message.timestampMs, message.payload)) this.#lastFrameMs = this.#lastByteMs
  }

  #metadata(payload: Buffer): void {
    if (this.#state.kind !== 'publishing') return
    const values = decodeAmf0(payload)
    const properties = values.find((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
    const encoder = fieldOf(properties, 'encoder')
    if (typeof encoder === 'string') this.#state.nameEncoder(encoder)
  }

  #command(streamId: number, values: Amf0Value[]): void {
    const [name, transactionValue, properties, firstArgument] = values
    const transaction = typeof transactionValue === 'number' ? transactionValue : 0
    const { port } = this.#options
    switch (name) {
      case 'connect':
        this.#connect(transaction, properties)
        return
      case 'createStream':
        port.write(command(0, '_result', transaction, null, messageStreamId))
        return
      case 'releaseStream':
        port.write(command(0, '_result', transaction, null, undefined))
        return
      case 'FCPublish':
        port.write(command(0, 'onFCPublish', 0, null, { code: 'NetStream.Publish.Start', description: '' }))
        return
      case 'publish':
        this.#publish(streamId, firstArgument)
        return
      case 'deleteStream':
      case 'closeStream':
      case 'FCUnpublish':
        this.#unpublish()
        return
      case 'play':
      case 'play2':
        port.write(status(streamId, 'error', 'NetStream.Play.Failed', 'this server only takes streams in'))
        this.#close('play')
        return
      default:
        if (transaction > 0) port.write(command(0, '_error', transaction, null, { code: 'NetConnection.Call.Failed' }))
    }
  }

  #connect(transaction: number, properties: Amf0Value): void {
    if (this.#state.kind !== 'connecting') throw new RtmpProtocolError('connect came twice')
    const app = fieldOf(properties, 'app')
    const client = fieldOf(properties, 'flashVer')
    if (typeof client === 'string') this.#client = client.slice(0, clientCharsMax)
    const appName = typeof app === 'string' ? app.split('?')[0]?.replace(/\/+$/, '') : ''
    if (appName !== 'live') {
      const info = { level: 'error', code: 'NetConnection.Connect.Rejected', description: 'the application is "live"' }
      this.#options.port.write(command(0, '_error', transaction, null, info))
      this.#close('wrong_app')
      return
    }
    this.#state = { kind: 'connected' }
    const isEnhanced = ['fourCcList', 'videoFourCcInfoMap', 'audioFourCcInfoMap'].some(
      (key) => fieldOf(properties, key) !== undefined,
    )
    this.#options.port.write(connectAccepted(transaction, isEnhanced))
  }

  #publish(streamId: number, name: Amf0Value): void {
    if (this.#state.kind !== 'connected') throw new RtmpProtocolError('publish came at the wrong time')
    const streamKey = typeof name === 'string' ? streamOf(name) : ''
    if (!streamShape.test(streamKey)) {
      this.#refuse(streamId, ingestRefusal('key_wrong'))
      return
    }
    this.#state = { kind: 'authorising', held: [], heldBytes: 0 }
    this.#options.publish(streamKey, this.#client).then(
      (answer) => this.#answerPublish(streamId, answer),
      () => {
        if (this.#state.kind === 'authorising') this.#refuse(streamId, ingestRefusal('key_unchecked'))
      },
    )
  }

  #answerPublish(streamId: number, answer: PublishAnswer): void {
    const state = this.#state
    if (answer.kind === 'refused') {
      if (state.kind === 'authorising') this.#refuse(streamId, answer.refusal)
      return
    }
    if (state.kind !== 'authorising') {
      // The publisher went away while its key was being looked up.
      answer.sink.end('disconnected')
      return
    }
    const { sink, nameEncoder } = answer
    this.#state = { kind: 'publishing', sink, streamId, nameEncoder }
    this.#lastFrameMs = this.#options.now()
    this.#options.port.write(status(streamId, 'status', 'NetStream.Publish.Start', 'publishing'))
    try {
      for (const message of state.held) this.#take(message)
    } catch (error) {
      this.#fail(error)
    }
  }

  #refuse(streamId: number, refusal: IngestRefusal): void {
    const isTaken = refusal.code === 'already_publishing' || refusal.code === 'taken_over'
    const code = isTaken ? 'NetStream.Publish.BadName' : 'NetStream.Publish.Denied'
    this.#options.port.write(status(streamId, 'error', code, refusalLine(refusal)))
    this.#close('refused')
  }

  #unpublish(): void {
    if (this.#state.kind !== 'publishing') return
    const { sink, streamId } = this.#state
    this.#state = { kind: 'connected' }
    sink.end('unpublished')
    this.#options.port.write(status(streamId, 'status', 'NetStream.Unpublish.Success', 'stopped'))
  }

  #acknowledge(): void {
    if (this.#state.kind === 'closed' || this.#state.kind === 'handshaking') return
    if (this.#receivedBytes - this.#acknowledgedBytes < this.#ackWindowBytes) return
    this.#acknowledgedBytes = this.#receivedBytes
    this.#options.port.write(control(messageType.acknowledgement, this.#receivedBytes))
  }

  #fail(error: unknown): void {
    if (error instanceof MediaFormatError && this.#state.kind === 'publishing') {
      this.#options.port.write(rejection(this.#state.streamId, error.refusal))
      this.#options.onRefused(error.refusal)
      this.#close('media_refused')
    } else if (error instanceof RtmpProtocolError || error instanceof Amf0Error || error instanceof MediaFormatError) {
      this.#close('protocol_error')
    } else {
      this.#close('internal_error')
      this.#options.onFault(error)
    }
  }

  #close(reason: string): void {
    const state = this.#state
    if (state.kind === 'closed') return
    this.#state = { kind: 'closed' }
    this.#options.port.close(reason)
    if (state.kind === 'publishing') state.sink.end(reason)
  }
}

function rejection(streamId: number, refusal: IngestRefusal): Buffer {
  return status(streamId, 'error', 'NetStream.Publish.Rejected', refusalLine(refusal))
}

/** The stream's name without its parameters, save the key. */
function streamOf(name: string): string {
  const [stream = '', params = ''] = name.split('?', 2)
  const key = new URLSearchParams(params).get('key')
  return key === null ? stream : `${stream}?key=${key}`
}

function fieldOf(value: Amf0Value, key: string): Amf0Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) return undefined
  return value[key]
}
