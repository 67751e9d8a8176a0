import { writeFile } from 'node:fs/promises'
import { boundsFile, readBounds, type StoredBound } from './bounds.ts'
import { drawInstance, hashOf, type InstanceName, sizes } from './instances.ts'
import type { Proved } from './prove-child.ts'
import { runChild } from './run-child.ts'

const SECONDS = 3_600
const METHOD =
  'HiGHS branch and cut (highs, WebAssembly, one core) on the integer model of matching/bound-model.ts, above 300 alerts without the least lots: the dual bound when time or memory was over, less what rounding costs to whole fen can save'

/** Proves the bounds of the instances that the options name, or of all, and stores a bound that is better or of a changed instance. */
export async function proveBounds(options: readonly string[]): Promise<void> {
  const named = (Object.keys(sizes) as InstanceName[]).filter((name) => options.includes(name))
  const seconds = Number(options.find((option) => option.startsWith('seconds='))?.slice(8) ?? SECONDS)
  for (const name of named.length > 0 ? named : (Object.keys(sizes) as InstanceName[])) {
    const instance = hashOf(drawInstance(sizes[name]))
    const [proved] = await runChild<Proved>('prove-child.ts', [name, seconds], 1)
    if (proved === undefined) throw new Error(`no word of the proof of ${name}`)
    const stored = readBounds()
    const known = stored[name]
    const told = `${name}: ${proved.boundFen} fen after ${proved.tookS} s`
    if (known?.instance === instance && known.boundFen >= proved.boundFen) {
      process.stderr.write(`${told}; the stored ${known.boundFen} is as good and stays\n`)
      continue
    }
    const bound: StoredBound = {
      instance,
      boundFen: proved.boundFen,
      command: `npm run bench -- matching bounds ${name} seconds=${seconds}`,
      seconds: proved.tookS,
      method: METHOD,
      date: new Date().toISOString().slice(0, 10),
    }
    await writeFile(boundsFile, `${JSON.stringify({ ...stored, [name]: bound }, null, 2)}\n`)
    process.stderr.write(`${told}; stored\n`)
  }
}
