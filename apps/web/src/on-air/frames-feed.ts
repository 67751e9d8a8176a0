import { AudioEncoding } from './audio-encoding.ts'
import type { Feed, FeedEvents, FeedOptions } from './feed.ts'
import { audioDataOf, type FrameSource, videoFramesOf } from './frames-of.ts'
import { LastPicture } from './last-picture.ts'
import { VideoEncoding } from './video-encoding.ts'

/** Encodes picture by picture. Dropping happens before the encoder, so that every picture that is sent can be decoded. */
export function createFramesFeed(options: FeedOptions, on: FeedEvents): Feed {
  return new FramesFeed(options, on)
}

const soundWaitMs = 2_000

class FramesFeed implements Feed {
  readonly #on: FeedEvents
  readonly #video: VideoEncoding
  readonly #audio: AudioEncoding
  readonly #last: LastPicture
  #sources: FrameSource[] = []
  #stream: MediaStream | null = null
  #isOn = false
  /** What the server needs before it can use anything else; said anew on every socket. */
  #videoConfig: Uint8Array | null = null
  #audioConfig: Uint8Array | null = null
  #hasSentKey = false
  #begunAtMs = 0
  /** There is a microphone, and what decodes its sound is not known yet. */
  #expectsSound = false

  constructor({ stream, shortSidePx, bitsPerSecond }: FeedOptions, on: FeedEvents) {
    this.#on = on
    this.#video = new VideoEncoding(shortSidePx, bitsPerSecond, {
      message: (message, of) => this.#sendVideo(message, of),
      failed: () => on.failed('video'),
    })
    this.#audio = new AudioEncoding({
      message: (message, { isConfig }) => this.#sendAudio(message, isConfig),
      failed: () => this.#goSilent(),
    })
    this.#last = new LastPicture((frame, atUs) => this.#take(frame, atUs))
    this.setStream(stream)
  }

  begin(): void {
    this.#isOn = true
    this.#hasSentKey = false
    this.#begunAtMs = performance.now()
    if (this.#audioConfig) this.#on.send(this.#audioConfig, null)
    if (this.#videoConfig) this.#on.send(this.#videoConfig, null)
    this.#video.requestKey()
  }

  pause(): void {
    this.#isOn = false
  }

  setStream(stream: MediaStream): void {
    for (const source of this.#sources) source.stop()
    this.#sources = []
    this.#stream = stream
    const [camera] = stream.getVideoTracks()
    const [microphone] = stream.getAudioTracks()
    if (camera) {
      this.#sources.push(
        videoFramesOf(camera, (frame, atUs) => {
          this.#last.keep(frame)
          this.#take(frame, atUs)
        }),
      )
    }
    this.#expectsSound = microphone !== undefined && this.#audioConfig === null
    if (microphone) void this.#listen(microphone, stream)
  }

  setBitrate(bitsPerSecond: number): void {
    this.#video.setBitrate(bitsPerSecond)
  }

  requestKey(): void {
    this.#video.requestKey()
  }

  close(): void {
    this.#isOn = false
    this.#stream = null
    for (const source of this.#sources) source.stop()
    this.#sources = []
    this.#last.close()
    this.#video.close()
    this.#audio.close()
  }

  async #listen(microphone: MediaStreamTrack, stream: MediaStream): Promise<void> {
    const source = await audioDataOf(microphone, (data, atUs) => {
      if (this.#isOn) this.#audio.encode(data, atUs)
      else data.close()
    }).catch(() => null)
    if (source === null) this.#goSilent()
    else if (this.#stream === stream) this.#sources.push(source)
    else source.stop()
  }

  #goSilent(): void {
    this.#expectsSound = false
    this.#on.failed('audio')
  }

  /** A stream that begins without its sound makes every viewer begin anew when it comes; the first picture waits a little for it. */
  #waitsForSound(): boolean {
    return this.#expectsSound && performance.now() - this.#begunAtMs < soundWaitMs
  }

  #take(frame: VideoFrame, atUs: number): void {
    if (this.#isOn && !this.#waitsForSound() && !this.#on.isCrowded()) this.#video.encode(frame, atUs)
    else frame.close()
  }

  #sendVideo(
    message: Uint8Array,
    { isConfig, isKey, dtsUs }: { isConfig: boolean; isKey: boolean; dtsUs: number },
  ): void {
    if (isConfig) {
      this.#videoConfig = message
      this.#on.send(message, null)
      return
    }
    if (!this.#isOn || (!this.#hasSentKey && !isKey)) return
    if (this.#on.send(message, dtsUs)) this.#hasSentKey = true
  }

  #sendAudio(message: Uint8Array, isConfig: boolean): void {
    if (isConfig) {
      this.#audioConfig = message
      this.#expectsSound = false
    }
    if (isConfig || this.#hasSentKey) this.#on.send(message, null)
  }
}
