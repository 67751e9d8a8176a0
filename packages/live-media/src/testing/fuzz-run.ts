import { FuzzRandom } from './fuzz-random.ts'
import type { FuzzTarget } from './fuzz-targets.ts'

export interface FuzzOptions {
  seed: number
  inputs: number
  targets: readonly FuzzTarget[]
  /** Called every so many inputs. */
  every?: { inputs: number; tell: (done: number) => void }
}

export interface FuzzReport {
  /** Inputs of each target. */
  counts: Record<string, number>
  /** By processor time, since a busy machine makes everything slow. */
  slowest: { target: string; input: number; ms: number }
}

/** Runs inputs one after the other. @throws Error naming target, seed and number of the first input that does harm */
export async function fuzz({ seed, inputs, targets, every }: FuzzOptions): Promise<FuzzReport> {
  const random = new FuzzRandom(seed)
  const wheel = targets.flatMap((target) => Array.from({ length: target.weight }, () => target))
  const counts = Object.fromEntries(targets.map(({ name }) => [name, 0]))
  const slowest = { target: '', input: 0, ms: 0 }
  for (let input = 1; input <= inputs; input++) {
    const target = random.pick(wheel)
    counts[target.name] = (counts[target.name] ?? 0) + 1
    const started = process.cpuUsage()
    try {
      const running = target.run(random)
      if (running) await running
    } catch (error) {
      throw new Error(`${target.name}: input ${input} of seed ${seed} does harm`, { cause: error })
    }
    const { user, system } = process.cpuUsage(started)
    const ms = (user + system) / 1000
    if (ms > slowest.ms) Object.assign(slowest, { target: target.name, input, ms })
    if (every && input % every.inputs === 0) {
      every.tell(input)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { counts, slowest }
}
