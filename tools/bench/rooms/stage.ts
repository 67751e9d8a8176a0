import { type Child, LOAD_CORE, SERVER_CORE, startChild } from './child-link.ts'
import type { CrowdFigures, CrowdPlan } from './crowd.ts'

/** What a part of the benchmark needs. */
export interface RoomStage {
  /** Viewers of the big room; fewer than 10,000 only while the benchmark itself is being worked on. */
  readonly viewers: number
  /** Runs of each figure. */
  readonly rounds: number
  say(line: string): void
  /** Starts one of the scripts of this folder; it is ended with the stage at the latest. */
  open(script: string, core: number): Promise<Child>
  /** What is to be undone when the stage closes, also when it is interrupted; gives what undoes it sooner, once. */
  atEnd(step: () => Promise<void>): () => Promise<void>
}

/** Standard talk: a tick carries two lines of chat and a stock level, about 600 bytes. */
export const TALK = { lines: 2, chars: 40 } as const
export const SILENCE = { lines: 0, chars: 0 } as const
export const TICKS_PER_S = 5

export interface Usage {
  readonly cpuUs: number
  readonly atUs: number
  readonly rss: number
  readonly heapUsed: number
  readonly told: {
    readonly ticks: number
    readonly firstUs: number
    readonly lastUs: number
    readonly gapMsMax: number
  }
  readonly sockets: number
}

let crowds = 0

/** A crowd plan with what is the same for most. Every crowd comes from a network of its own. */
export function crowdOf(count: number, port: number, more: Partial<CrowdPlan> = {}): CrowdPlan {
  crowds += 1
  const network = 10 + (crowds % 200)
  return { count, port, path: '/api/rooms/{room}/socket', manner: 'room', sampleEvery: 20, network, ...more }
}

/** The server under test and the load, each on its core. */
export async function openPair(stage: RoomStage, port: number): Promise<Pair> {
  const [server, load] = await Promise.all([
    stage.open('./room-server.ts', SERVER_CORE),
    stage.open('./load-client.ts', LOAD_CORE),
  ])
  await load.ask('stayAwake')
  await server.ask('listen', { port })
  return { server, load }
}

export interface Talked {
  readonly seen: CrowdFigures
  /** Share of its core that the server took while it talked. */
  readonly coreShare: number
  /** Ticks that told something, and those that the clock had time for. */
  readonly ticks: number
  readonly ticksDue: number
  readonly gapMsMax: number
}

export interface Pair {
  readonly server: Child
  readonly load: Child
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** How late a frame may come before it counts as lost. */
const ARRIVED_MS_MAX = 10_000

/** Lets the server talk for so long, then waits until everything has arrived or will not. */
export async function talkFor(
  { server, load }: Pair,
  name: string,
  seconds: number,
  talk: { lines: number; chars: number } = TALK,
): Promise<Talked> {
  await load.ask('mark', { name })
  const before = await server.ask<Usage>('usage')
  await server.ask('talk', talk)
  await pause(seconds * 1000)
  await server.ask('talk', SILENCE)
  const after = await server.ask<Usage>('usage')
  const { ticks, firstUs, lastUs, gapMsMax } = after.told
  let seen = await load.ask<CrowdFigures>('figures', { name })
  for (let waitedMs = 0; seen.framesMin < ticks && waitedMs < ARRIVED_MS_MAX; waitedMs += 200) {
    await pause(200)
    seen = await load.ask<CrowdFigures>('figures', { name })
  }
  return {
    seen,
    coreShare: (after.cpuUs - before.cpuUs) / (after.atUs - before.atUs),
    ticks,
    ticksDue: Math.round(((lastUs - firstUs) / 1e6) * TICKS_PER_S) + 1,
    gapMsMax,
  }
}

export const percent = (share: number) => `${(share * 100).toFixed(0)} %`

export function openStage(viewers: number, rounds: number): { stage: RoomStage; close(): Promise<void> } {
  const undo = new Set<() => Promise<void>>()
  const stage: RoomStage = {
    viewers,
    rounds,
    say: (line) => process.stderr.write(`${line}\n`),
    async open(script, core) {
      const child = await startChild(script, core)
      undo.add(() => child.close())
      return child
    },
    atEnd(step) {
      const once = async () => {
        if (undo.delete(once)) await step()
      }
      undo.add(once)
      return once
    },
  }
  async function undoAll(): Promise<void> {
    // The last one first: what a database serves goes before it. One that fails keeps none of the others from their turn.
    for (const step of [...undo].reverse()) await step().catch((error: unknown) => stage.say(String(error)))
  }
  // An interrupt closes while what it broke closes as well: both wait for the same end, or the process would be gone before it.
  let closing: Promise<void> | null = null
  return {
    stage,
    close() {
      closing ??= undoAll()
      return closing
    },
  }
}
