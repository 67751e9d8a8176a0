/**
 * `npm run fuzz -- [--inputs 10000000] [--seed N]`: damaged real captures and random bytes against everything that strangers send to the
 * media process. Ends with 1 at the first input that does harm, takes longer than a second, or when the heap has grown.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { drawFuzzCorpus } from '@chunbo/live-media/testing/fuzz-corpus'
import { fuzz } from '@chunbo/live-media/testing/fuzz-run'
import { fuzzTargets } from '@chunbo/live-media/testing/fuzz-targets'

const INPUTS = 10_000_000
/** Beyond what the optimiser's own tables take after the first samples. */
const GROWTH_MB_MAX = 8
const SLOWEST_MS_MAX = 1_000
const SAMPLES = 40

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

function heapMb(): number {
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

const { values } = parseArgs({ options: { inputs: { type: 'string' }, seed: { type: 'string' } } })
const inputs = Number(values.inputs ?? INPUTS)
const seed = Number(values.seed ?? randomInt(2 ** 31))
if (!Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(seed)) {
  say('用法 / usage: npm run fuzz -- [--inputs N] [--seed N]')
  process.exit(2)
}

say(`种子 / seed ${seed}, ${inputs} inputs`)
const targets = fuzzTargets(await drawFuzzCorpus())
const startedMs = performance.now()
const heaps: number[] = []
const step = Math.max(1, Math.floor(inputs / SAMPLES))
const { counts, slowest } = await fuzz({
  seed,
  inputs,
  targets,
  every: {
    inputs: step,
    tell: (done) => {
      heaps.push(heapMb())
      const rssMb = process.memoryUsage().rss / 2 ** 20
      say(`${done} inputs, heap ${heaps.at(-1)?.toFixed(1)} MB, process ${rssMb.toFixed(0)} MB`)
    },
  },
})
const seconds = (performance.now() - startedMs) / 1000
// The first quarter warms the compiler up.
const warm = heaps.slice(Math.floor(heaps.length / 4))
const growthMb = (warm.at(-1) ?? 0) - (warm[0] ?? 0)
for (const [name, count] of Object.entries(counts)) say(`  ${name}: ${count}`)
say(`slowest ${slowest.ms.toFixed(1)} ms (${slowest.target}, input ${slowest.input})`)
say(`heap growth ${growthMb.toFixed(1)} MB, ${seconds.toFixed(0)} s, ${Math.round(inputs / seconds)} inputs/s, no harm`)
if (growthMb > GROWTH_MB_MAX || slowest.ms > SLOWEST_MS_MAX) {
  say('内存增长或过慢 / the heap grew, or an input took too long')
  process.exit(1)
}
