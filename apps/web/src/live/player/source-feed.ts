import { afterHole, aheadOf, removableUntil, type Spans, spansOf } from './buffered.ts'

/**
 * Feeds one source buffer of a video element, one thing after the other as Media Source wants it: bytes, a new type, another place on the
 * clock. It makes room by itself; what a source buffer will not take at all is told once through `failed`.
 */
export interface SourceFeed {
  /** What follows is of this type. @throws when the browser cannot play it */
  type(mime: string): void
  bytes(data: ArrayBuffer): void
  /** What follows is shown this much later than it says. */
  offset(seconds: number): void
  /** Nothing will follow. */
  end(): void
  spans(): Spans
  /** Seconds ready from the current position on. */
  aheadS(): number
  /** The beginning of the next piece when the current position lies in a hole. */
  holeTo(): number | null
  close(): void
}
export interface FeedEvents {
  /** Something can be played that could not before. */
  grown(): void
  /** `full`: the browser takes no more even after room was made. */
  failed(why: 'unsupported' | 'decoder' | 'full'): void
}
type Job = { readonly type: string } | { readonly offset: number } | { readonly bytes: ArrayBuffer } | 'end'

/** As much as goes in at once: fewer turns of the buffer, and still a short one. */
const APPEND_BYTES_MAX = 2_000_000

interface SourceKinds {
  ManagedMediaSource?: typeof MediaSource
}
/** The plain one where there is one: the managed one of an iPhone throws away what it likes. */
export function mediaSourceClass(): typeof MediaSource | undefined {
  return 'MediaSource' in window ? window.MediaSource : (window as SourceKinds).ManagedMediaSource
}

export function openSourceFeed(element: HTMLVideoElement, on: FeedEvents): SourceFeed {
  const Source = mediaSourceClass()
  if (Source === undefined) throw new Error('no media source')
  const source = new Source()
  // A managed source opens only where the picture cannot be sent to another screen.
  if (!('MediaSource' in window)) element.disableRemotePlayback = true
  const url = URL.createObjectURL(source)
  let jobs: Job[] = []
  let buffer: SourceBuffer | null = null
  let isDone = false
  let wasFull = false

  function fail(why: 'unsupported' | 'decoder' | 'full'): void {
    if (isDone) return
    isDone = true
    jobs = []
    on.failed(why)
  }
  function setType(mime: string): void {
    if (buffer === null) {
      buffer = source.addSourceBuffer(mime)
      buffer.addEventListener('updateend', updated)
      buffer.addEventListener('error', () => fail('decoder'))
    } else buffer.changeType(mime)
  }
  function append(to: SourceBuffer): void {
    const pieces: ArrayBuffer[] = []
    let sizeBytes = 0
    for (const job of jobs) {
      if (typeof job === 'string' || !('bytes' in job) || sizeBytes > APPEND_BYTES_MAX) break
      pieces.push(job.bytes)
      sizeBytes += job.bytes.byteLength
    }
    try {
      to.appendBuffer(joined(pieces, sizeBytes))
      jobs.splice(0, pieces.length)
      wasFull = false
    } catch (cause) {
      if (!(cause instanceof DOMException) || cause.name !== 'QuotaExceededError') throw cause
      const untilS = removableUntil(spansOf(to.buffered), element.currentTime, true)
      if (untilS === null || wasFull) {
        fail('full')
        return
      }
      wasFull = true
      to.remove(0, untilS)
    }
  }
  function run(): void {
    if (isDone || source.readyState !== 'open') return
    try {
      while (jobs[0] !== undefined && !buffer?.updating) {
        const job = jobs[0]
        if (job !== 'end' && 'bytes' in job) {
          if (buffer === null) throw new Error('bytes before their type')
          append(buffer)
          continue
        }
        jobs.shift()
        if (job === 'end') source.endOfStream()
        else if ('type' in job) setType(job.type)
        else if (buffer !== null) buffer.timestampOffset = job.offset
      }
    } catch (cause) {
      fail(cause instanceof DOMException && cause.name === 'NotSupportedError' ? 'unsupported' : 'decoder')
    }
  }
  function updated(): void {
    on.grown()
    if (isDone || buffer === null || buffer.updating || source.readyState !== 'open') return
    const untilS = removableUntil(spansOf(buffer.buffered), element.currentTime)
    if (untilS !== null) buffer.remove(0, untilS)
    else run()
  }
  function add(job: Job): void {
    jobs.push(job)
    run()
  }
  // A buffer that its source has let go throws at any look.
  const spans = () => (buffer === null || source.readyState === 'closed' ? [] : spansOf(buffer.buffered))
  source.addEventListener('sourceopen', run, { once: true })
  element.src = url
  return {
    type(mime) {
      if (!Source.isTypeSupported(mime)) fail('unsupported')
      else add({ type: mime })
    },
    bytes: (data) => add({ bytes: data }),
    offset: (seconds) => add({ offset: seconds }),
    end: () => add('end'),
    spans,
    aheadS: () => aheadOf(spans(), element.currentTime),
    holeTo: () => afterHole(spans(), element.currentTime, element.readyState < HTMLMediaElement.HAVE_FUTURE_DATA),
    close() {
      isDone = true
      jobs = []
      URL.revokeObjectURL(url)
    },
  }
}

function joined(pieces: readonly ArrayBuffer[], sizeBytes: number): ArrayBuffer {
  const only = pieces[0]
  if (pieces.length === 1 && only !== undefined) return only
  const all = new Uint8Array(sizeBytes)
  let at = 0
  for (const piece of pieces) {
    all.set(new Uint8Array(piece), at)
    at += piece.byteLength
  }
  return all.buffer
}
