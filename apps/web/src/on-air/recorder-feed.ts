import type { Feed, FeedEvents, FeedOptions } from './feed.ts'
import { containerMessage } from './wire.ts'

const sliceMs = 200
const keyGapMs = 2_000
const pieceBytes = 512 * 1024
const audioBps = 96_000
/** A recorder cannot be told a new bitrate; to begin another one costs viewers a moment, so small changes wait. */
const restartFactor = 1.35

interface RecorderOptions extends MediaRecorderOptions {
  videoKeyFrameIntervalDuration?: number
}

/** Records, and sends the recording as it is made. A recording cannot be joined in the middle, so every socket gets one of its own. */
export function createRecorderFeed(options: FeedOptions & { mimeType: string }, on: FeedEvents): Feed {
  let { stream, bitsPerSecond } = options
  let recorder: MediaRecorder | null = null
  let recordedBps = bitsPerSecond
  let isOn = false
  /** Pieces are read one after the other, so that they are sent in their order. */
  let sending = Promise.resolve()

  function stop(): void {
    const old = recorder
    recorder = null
    if (old && old.state !== 'inactive') old.stop()
  }

  async function send(piece: Blob, of: MediaRecorder): Promise<void> {
    const bytes = new Uint8Array(await piece.arrayBuffer())
    for (let at = 0; at < bytes.length && of === recorder; at += pieceBytes) {
      const isSent = on.send(containerMessage(bytes.subarray(at, at + pieceBytes)), null)
      // With a piece missing the rest is of no use.
      if (!isSent) stop()
    }
  }

  function start(): void {
    stop()
    if (!isOn) return
    const wanted: RecorderOptions = {
      mimeType: options.mimeType,
      videoBitsPerSecond: bitsPerSecond,
      audioBitsPerSecond: audioBps,
      videoKeyFrameIntervalDuration: keyGapMs,
    }
    let mine: MediaRecorder
    try {
      mine = new MediaRecorder(stream, wanted)
    } catch {
      on.failed('video')
      return
    }
    recorder = mine
    recordedBps = bitsPerSecond
    mine.ondataavailable = ({ data }) => {
      if (mine === recorder && data.size > 0) sending = sending.then(() => send(data, mine))
    }
    mine.onerror = () => mine === recorder && on.failed('video')
    mine.start(sliceMs)
  }

  return {
    begin() {
      isOn = true
      start()
    },
    pause() {
      isOn = false
      stop()
    },
    setStream(next) {
      stream = next
      if (isOn) on.restart?.()
    },
    setBitrate(next) {
      bitsPerSecond = next
      const factor = next / recordedBps
      if (isOn && (factor > restartFactor || factor < 1 / restartFactor)) on.restart?.()
    },
    requestKey: () => undefined,
    close() {
      isOn = false
      stop()
    },
  }
}
