import { RawViewer, textFrame } from '../rooms/raw-viewer.ts'
import { Crowd, nowMs } from './crowd.ts'
import { CHUNK_PEEK_BYTES, chunkNumber } from './pieces.ts'

const ACK_MS = 1_000
const ACK_SLOTS = 20
const FRESH_MS = 300

/** Viewers that get chunks over a WebSocket and say once a second how much has arrived, as the web player does. */
export class SocketCrowd extends Crowd<RawViewer> {
  /** Number of the last chunk of each viewer. */
  readonly #last: (number | undefined)[] = []
  readonly #acked: number[] = []
  readonly #isIn: boolean[] = []
  readonly #timer = setInterval(() => this.#acknowledge(), ACK_MS / ACK_SLOTS)
  #slot = 0

  protected override open(index: number, from: string): RawViewer {
    const { port, path } = this.plan
    this.#last[index] = undefined
    this.#acked[index] = 0
    this.#isIn[index] = false
    const viewer = new RawViewer(
      index,
      { port, path: `${path}/live.ws`, from, headers: [`Origin: http://127.0.0.1:${port}`] },
      {
        open: () => {},
        frame: (_, head, size) => this.#frame(index, head, size),
        gone: () => this.lost(),
      },
      CHUNK_PEEK_BYTES,
    )
    viewer.wantsWhole = false
    return viewer
  }

  override leave(): void {
    clearInterval(this.#timer)
    super.leave()
  }

  #frame(index: number, head: Buffer, size: number): void {
    const number = chunkNumber(head)
    // Words begin with a brace; what is binary and no chunk is an init segment.
    if (head[0] !== 0x7b) this.#acked[index] = (this.#acked[index] ?? 0) + size
    if (number === null) return
    const last = this.#last[index]
    this.#last[index] = number
    const lagMs = this.lag.note(number, nowMs())
    // What it is given to begin with is up to a key-frame distance old; the next one comes in when it has taken that.
    if (!this.#isIn[index] && lagMs < FRESH_MS) {
      this.#isIn[index] = true
      this.arrived()
    }
    if (last === undefined) return
    this.got(index)
    if (number !== last + 1) this.miss(number - last - 1)
  }

  #acknowledge(): void {
    this.#slot = (this.#slot + 1) % ACK_SLOTS
    for (let index = this.#slot; index < this.viewers.length; index += ACK_SLOTS) {
      const viewer = this.viewers[index]
      if (viewer?.isOpen) viewer.write(textFrame(`{"kind":"ack","bytes":${this.#acked[index] ?? 0}}`))
    }
  }
}
