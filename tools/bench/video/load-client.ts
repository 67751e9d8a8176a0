/** The viewers, in a process of their own on the core of the load: crowds that are told over IPC what to do. */
import { stayAwake } from '../rooms/awake.ts'
import { answerParent } from '../rooms/child-link.ts'
import type { CrowdPlan } from './crowd.ts'
import { FileCrowd } from './file-crowd.ts'
import { PlaylistCrowd } from './playlist-crowd.ts'
import { SocketCrowd } from './socket-crowd.ts'

const kinds = { socket: SocketCrowd, parts: PlaylistCrowd, files: FileCrowd } as const
/** A server that cannot let them in by then is over its limit. */
const ENTER_MS_MAX = 20_000

let crowd: SocketCrowd | PlaylistCrowd | FileCrowd | null = null

function present(): SocketCrowd | PlaylistCrowd | FileCrowd {
  if (crowd === null) throw new Error('no crowd is open')
  return crowd
}

const pause = (ms: number) => new Promise<boolean>((resolve) => setTimeout(resolve, ms, false))

answerParent({
  stayAwake,
  open: (plan: CrowdPlan) => {
    crowd = new kinds[plan.kind](plan)
  },
  /** Whether all came in. */
  growTo: ({ count }: { count: number }) =>
    Promise.race([
      present()
        .growTo(count)
        .then(() => true),
      pause(ENTER_MS_MAX),
    ]),
  async shrinkTo({ count }: { count: number }) {
    present().shrinkTo(count)
    await pause(300)
  },
  mark: () => present().mark(),
  figures: () => present().figures(),
  async leave() {
    present().leave()
    crowd = null
    await pause(300)
  },
})
