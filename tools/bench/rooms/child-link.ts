import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

/** A process that was started for the benchmark, on a core of its own, and does what it is told one thing after the other. */
export interface Child {
  readonly pid: number
  /** Tells it to do something and gives its answer. @throws what went wrong there */
  ask<T>(what: string, told?: object): Promise<T>
  close(): Promise<void>
}

interface Asked {
  readonly id: number
  readonly what: string
  readonly told: object
}
interface Answered {
  readonly id: number
  readonly answer?: unknown
  readonly error?: string
}

/** What is measured has core 0 for itself and what loads it core 1, so that neither takes time from the other. */
export const SERVER_CORE = 0
export const LOAD_CORE = 1

/** As `npm start` runs the server, and the same for the peers in Node. */
export const SERVER_FLAGS = ['--min-semi-space-size=64', '--max-semi-space-size=64'] as const

/** The command line that keeps a program on one core; where there is no second core or no taskset everything shares. */
export function onCore(core: number, program: string, args: readonly string[]): [string, string[]] {
  if (process.platform !== 'linux' || cpus().length < 2) return [program, [...args]]
  return ['taskset', ['-c', String(core), program, ...args]]
}

/** Starts a script of this folder. */
export async function startChild(script: string, core: number): Promise<Child> {
  const flags = core === SERVER_CORE ? SERVER_FLAGS : []
  const path = fileURLToPath(new URL(script, import.meta.url))
  const [program, args] = onCore(core, process.execPath, [...flags, path])
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  let asked = 0
  const gone = (reason: string) => {
    for (const { reject } of waiting.values()) reject(new Error(`${script} ${reason}`))
    waiting.clear()
  }
  child.on('error', (error) => gone(error.message))
  child.on('exit', (code, signal) => gone(`ended with ${signal ?? code}`))
  child.on('message', ({ id, answer, error }: Answered) => {
    const asker = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asker?.resolve(answer)
    else asker?.reject(new Error(`${script}: ${error}`))
  })
  return {
    pid: child.pid ?? 0,
    ask: <T>(what: string, told: object = {}) =>
      new Promise<T>((resolve, reject) => {
        asked += 1
        waiting.set(asked, { resolve: (answer) => resolve(answer as T), reject })
        child.send({ id: asked, what, told } satisfies Asked)
      }),
    close: () => end(child),
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** The other end: answers with what the action of that name gives. The process ends with the one that started it. */
export function answerParent(actions: Readonly<Record<string, (told: never) => unknown>>): void {
  process.on('message', ({ id, what, told }: Asked) => {
    Promise.resolve()
      .then(() => {
        const action = actions[what]
        if (action === undefined) throw new Error(`no action ${what}`)
        return action(told as never)
      })
      .then(
        (answer) => process.send?.({ id, answer } satisfies Answered),
        (error: unknown) => process.send?.({ id, error: String(error) } satisfies Answered),
      )
  })
  process.on('disconnect', () => process.exit(0))
}

/** µs of the machine's clock that never jumps; the same in every process. */
export const nowUs = () => Number(process.hrtime.bigint() / 1000n)
