import { Crowd, nowMs } from './crowd.ts'
import { HttpViewer } from './http-viewer.ts'

/** Parts that lie on the disk, asked for in turn. */
export const FILE_PARTS = 30

/**
 * The limit to compare with: viewers that ask a server of files for the same playlist and the same parts as often as viewers of
 * low-latency HLS do. Nothing is made there and nobody waits for anything, so each asks when its time has come.
 */
export class FileCrowd extends Crowd<HttpViewer> {
  readonly #startMs = nowMs()
  /** Index of the part of each viewer that is due next or being fetched. */
  readonly #turn: number[] = []
  readonly #isBusy: boolean[] = []
  readonly #hasPlaylist: boolean[] = []
  readonly #isIn: boolean[] = []
  readonly #timer = setInterval(() => this.#askWhoIsDue(), 5)

  protected override open(index: number, from: string): HttpViewer {
    this.#isBusy[index] = true
    this.#isIn[index] = false
    return new HttpViewer(
      index,
      { port: this.plan.port, from },
      {
        open: () => {
          this.#turn[index] = Math.ceil(this.#turnAt(index, nowMs()))
          this.#isBusy[index] = false
        },
        answer: (viewer, status) => this.#answered(viewer, status),
        gone: () => this.lost(),
      },
    )
  }

  override leave(): void {
    clearInterval(this.#timer)
    super.leave()
  }

  /** Viewers are spread over the period. */
  #turnAt(index: number, ms: number): number {
    const { periodMs } = this.plan
    return (ms - this.#startMs - ((index * 7.3) % periodMs)) / periodMs
  }

  #askWhoIsDue(): void {
    const ms = nowMs()
    for (const [index, viewer] of this.viewers.entries()) {
      if (this.#isBusy[index] || this.#turnAt(index, ms) < (this.#turn[index] ?? 0)) continue
      this.#isBusy[index] = true
      this.#hasPlaylist[index] = false
      viewer.get(`${this.plan.path}/live.m3u8`, false)
    }
  }

  #answered(viewer: HttpViewer, status: number): void {
    const { index } = viewer
    const turn = this.#turn[index] ?? 0
    if (status !== 200) this.miss(1)
    if (!this.#hasPlaylist[index]) {
      this.#hasPlaylist[index] = true
      viewer.get(`${this.plan.path}/part-${turn % FILE_PARTS}.m4s`, false)
      return
    }
    const lateTurns = this.#turnAt(index, nowMs()) - turn
    this.lag.note(0, lateTurns * this.plan.periodMs)
    this.got(index)
    if (!this.#isIn[index]) {
      this.#isIn[index] = true
      this.arrived()
    }
    this.#turn[index] = turn + 1
    this.#isBusy[index] = false
  }
}
