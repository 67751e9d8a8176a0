import { randomInt } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { drawFuzzCorpus } from './testing/fuzz-corpus.ts'
import { fuzz } from './testing/fuzz-run.ts'
import { fuzzTargets } from './testing/fuzz-targets.ts'

/** A small share of `npm run fuzz`: the same inputs in every run, and as many that no run had before. */
const inputs = 60_000

async function run(t: TestContext, seed: number): Promise<void> {
  t.diagnostic(`seed ${seed}`)
  await fuzz({ seed, inputs, targets: fuzzTargets(await drawFuzzCorpus()) })
}

test('known damage to all that strangers send does no harm', (t) => run(t, 20_261_130))
test('new damage does no harm either', (t) => run(t, randomInt(2 ** 31)))
