/** The steps of `npm test` as data, the long ones first so that none of them starts last. */
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Step {
  name: string
  /** Program in node_modules (as package/path) or a script of ours, run by this Node, with its arguments. */
  run?: readonly [string, ...string[]]
  /** Files for `node --test`, as patterns from the root. A step whose patterns find no file fails. */
  tests?: readonly string[]
  except?: readonly string[]
  /** How many test files run at the same time. */
  concurrency?: number
  /** Names of steps that must have ended before. */
  after?: readonly string[]
  /** Wants a PostgreSQL in TEST_POSTGRES_URL. */
  database?: boolean
  /** Wants Chromium or ffmpeg. */
  machine?: boolean
  /** Wants the machine for itself. */
  alone?: boolean
}

export const root = fileURLToPath(new URL('../', import.meta.url))

export const steps: readonly Step[] = [
  { name: 'build', run: ['tools/build-web.ts'] },
  { name: 'biome', run: ['node_modules/@biomejs/biome/bin/biome', 'check', '.'] },
  {
    name: 'server',
    tests: ['apps/server/**/*.test.ts'],
    concurrency: 2,
    database: true,
    machine: true,
    after: ['build'],
  },
  { name: 'types', run: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'web-types', run: ['node_modules/vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'apps/web/tsconfig.json'] },
  { name: 'knip', run: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  { name: 'rules', tests: ['tools/check-*.test.ts'] },
  { name: 'packages', tests: ['packages/**/*.test.ts'], except: ['packages/live-media/**'], database: true },
  { name: 'media', tests: ['packages/live-media/**/*.test.ts'], concurrency: 1, machine: true },
  { name: 'web', tests: ['apps/web/**/*.test.ts'], after: ['build'], machine: true },
  {
    // It kills servers in mid-sale and counts what became of each order; beside other tests it takes twice as long.
    name: 'tools',
    tests: ['tools/**/*.test.ts'],
    except: ['tools/check-*.test.ts'],
    concurrency: 1,
    database: true,
    machine: true,
    after: ['build'],
    alone: true,
  },
  {
    name: 'journeys',
    tests: ['tools/journeys/**/*.journey.ts'],
    concurrency: 1,
    database: true,
    machine: true,
    after: ['build'],
    alone: true,
  },
]

/** The test files of a step, sorted, as paths from the root. */
export function testFiles(step: Step): string[] {
  const exclude = ['**/node_modules/**', ...(step.except ?? [])]
  return globSync([...(step.tests ?? [])], { cwd: root, exclude }).sort()
}
