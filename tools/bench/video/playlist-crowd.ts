import { Crowd, nowMs } from './crowd.ts'
import { HttpViewer } from './http-viewer.ts'
import { nextPart, type PartName, partPath } from './pieces.ts'

/** A segment of two seconds in parts of 200 ms. */
const PARTS_PER_SEGMENT = 10

const indexOf = ({ msn, part }: PartName) => msn * PARTS_PER_SEGMENT + part
const nameOf = (index: number): PartName => ({
  msn: Math.floor(index / PARTS_PER_SEGMENT),
  part: index % PARTS_PER_SEGMENT,
})

/** Viewers of low-latency HLS as hls.js asks: the playlist blocks until there is a new part, then the part is fetched. */
export class PlaylistCrowd extends Crowd<HttpViewer> {
  /** Index of the part that each viewer wants next; undefined before its first playlist. */
  readonly #wants: (number | undefined)[] = []
  /** Index of the newest part that each knows to be there; below what it wants while it asks for the playlist. */
  readonly #known: number[] = []
  readonly #isIn: boolean[] = []

  protected override open(index: number, from: string): HttpViewer {
    this.#wants[index] = undefined
    this.#known[index] = -1
    this.#isIn[index] = false
    return new HttpViewer(
      index,
      { port: this.plan.port, from },
      {
        open: (viewer) => viewer.get(`${this.plan.path}/live.m3u8`, true),
        answer: (viewer, status, body) => {
          if (status !== 200) this.#refused(viewer)
          else if (body) this.#playlist(viewer, body)
          else this.#part(viewer)
        },
        gone: () => this.lost(),
      },
    )
  }

  #refused(viewer: HttpViewer): void {
    this.miss(1)
    this.#wants[viewer.index] = undefined
    viewer.get(`${this.plan.path}/live.m3u8`, true)
  }

  #playlist(viewer: HttpViewer, body: Buffer): void {
    const next = nextPart(body)
    if (!next) {
      this.#refused(viewer)
      return
    }
    const edge = indexOf(next)
    this.#wants[viewer.index] ??= edge
    this.#known[viewer.index] = edge - 1
    this.#ask(viewer)
  }

  #part(viewer: HttpViewer): void {
    const index = this.#wants[viewer.index] ?? 0
    this.lag.note(index, nowMs())
    this.got(viewer.index)
    if (!this.#isIn[viewer.index]) {
      this.#isIn[viewer.index] = true
      this.arrived()
    }
    this.#wants[viewer.index] = index + 1
    this.#ask(viewer)
  }

  /** The part that is wanted if it is there, else the playlist that will name it. */
  #ask(viewer: HttpViewer): void {
    const wanted = this.#wants[viewer.index] ?? 0
    const { path } = this.plan
    const name = nameOf(wanted)
    if (wanted <= (this.#known[viewer.index] ?? -1)) viewer.get(`${path}/${partPath(name)}`, false)
    else viewer.get(`${path}/live.m3u8?_HLS_msn=${name.msn}&_HLS_part=${name.part}`, true)
  }
}
