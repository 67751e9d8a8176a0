import { type ChildProcess, spawn } from 'node:child_process'
import { setPriority } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import type { IngestSink } from '../ingest-sink.ts'
import type { Chunk } from '../mux/chunker.ts'
import type { InitSegment } from '../mux/mp4-init.ts'
import { feedFlvAudio, feedFlvVideo } from '../rtmp/flv-media.ts'
import { FlvReader } from '../rtmp/flv-reader.ts'
import { messageType } from '../rtmp/rtmp-message.ts'
import { ladderArgs, type Rung } from './ladder-rungs.ts'

/** What ffmpeg has not taken yet; 20 s of a 1.5 Mbit/s stream, when it is hopelessly behind. */
const unreadBytesMax = 4 * 1024 * 1024
/** Clocks of whole milliseconds, rounded twice. */
const startTolerableMs = 5
const complaintCharsMax = 2_000
/** Live sockets and parts go before renditions on a busy machine. */
const niceness = 10

export interface RenditionRunStart {
  ffmpeg: string
  init: InitSegment
  /** Of the first chunk that will be fed, on the stream's clock. */
  startMs: number
  rungs: readonly Rung[]
  /** Where the samples of each rung go, in the order of the rungs. */
  sinks: readonly IngestSink[]
  /** No bytes from ffmpeg for this long while it is fed is a hang. */
  silentMs: number
  /** Called once; the run is over and has left nothing behind. */
  onEnd: (reason: string) => void
}

/** One ffmpeg for one room: fragmented MP4 in, one FLV stream a rung out. What happens to it never reaches the source. */
export class RenditionRun {
  readonly init: InitSegment
  readonly startedMs = performance.now()
  readonly #start: RenditionRunStart
  readonly #child: ChildProcess
  readonly #stdin: Writable
  readonly #watch: NodeJS.Timeout
  #complaint = ''
  #fedMs = performance.now()
  #heardMs = performance.now()
  #ended = false

  constructor(start: RenditionRunStart) {
    this.#start = start
    this.init = start.init
    const outputs = start.rungs.map(() => 'pipe' as const)
    this.#child = spawn(start.ffmpeg, ladderArgs(start.rungs), {
      stdio: ['pipe', 'ignore', 'pipe', ...outputs],
      env: { PATH: process.env.PATH },
    })
    const { pid, stdin, stderr, stdio } = this.#child
    if (pid !== undefined) lowerPriority(pid)
    this.#stdin = stdin as Writable
    // A pipe that breaks is told by the end of the child.
    this.#stdin.on('error', () => {})
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-complaintCharsMax)
    })
    this.#child.once('error', (error) => this.stop(`ffmpeg could not be started: ${error.message}`))
    this.#child.once('close', (code, signal) => this.stop(`ffmpeg ended with ${signal ?? code}: ${this.#complaint}`))
    for (const [index, sink] of start.sinks.entries()) this.#read(stdio[index + 3] as Readable, sink)
    this.#watch = setInterval(() => {
      // Where the publisher is silent, so may ffmpeg be.
      if (this.#fedMs - this.#heardMs > start.silentMs) this.stop('ffmpeg says nothing')
    }, start.silentMs / 5)
    this.#watch.unref()
    this.#write(start.init.bytes)
  }

  /** Gives the next chunk of the source. */
  feed(chunk: Chunk): void {
    if (this.#ended) return
    this.#fedMs = performance.now()
    this.#write(chunk.bytes)
    if (this.#stdin.writableLength > unreadBytesMax) this.stop('ffmpeg is too slow for this machine')
  }

  /** Ends the run and its child at once. Idempotent. */
  stop(reason: string): void {
    if (this.#ended) return
    this.#ended = true
    clearInterval(this.#watch)
    this.#child.kill('SIGKILL')
    this.#stdin.destroy()
    for (const sink of this.#start.sinks) sink.end(reason)
    this.#start.onEnd(reason)
  }

  #write(bytes: Buffer): void {
    if (!this.#stdin.destroyed) this.#stdin.write(bytes)
  }

  #read(output: Readable, sink: IngestSink): void {
    const reader = new FlvReader()
    let aligned = false
    output.on('error', () => {})
    output.on('data', (bytes: Buffer) => {
      if (this.#ended) return
      this.#heardMs = performance.now()
      try {
        for (const { typeId, timestampMs, body } of reader.push(bytes)) {
          if (typeId === messageType.video && feedFlvVideo(sink, timestampMs, body) && !aligned) {
            // Segments are counted from the first frame; one that is missing would shift them all against the source.
            if (Math.abs(timestampMs - this.#start.startMs) > startTolerableMs)
              throw new RangeError('frames are missing')
            aligned = true
          }
          if (typeId === messageType.audio) feedFlvAudio(sink, timestampMs, body)
        }
      } catch (error) {
        this.stop(`what ffmpeg wrote cannot be used: ${String(error)}`)
      }
    })
  }
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, niceness)
  } catch {
    // It has ended already, or the system does not let us: it runs as it is.
  }
}
