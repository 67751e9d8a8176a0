/**
 * Writes docs/schemas/match-*.schema.json from the schemas of the code: `node tools/match-schemas.ts`. With --check it only
 * says whether the files are what they should be (exit code 1 if not).
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Instance, Plan } from '@chunbo/matching'

const folder = new URL('../docs/schemas/', import.meta.url)
const schemas = { 'match-instance.schema.json': Instance, 'match-plan.schema.json': Plan }

/** The formatter breaks lines its own way: what counts is the content. */
async function isCurrent(path: string, wanted: string): Promise<boolean> {
  const current = await readFile(path, 'utf8').catch(() => 'null')
  return JSON.stringify(JSON.parse(current)) === JSON.stringify(JSON.parse(wanted))
}

for (const [name, schema] of Object.entries(schemas)) {
  const path = fileURLToPath(new URL(name, folder))
  const wanted = `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema }, null, 2)}\n`
  if (await isCurrent(path, wanted)) continue
  if (process.argv.includes('--check')) {
    process.stderr.write(`docs/schemas/${name} is out of date: run node tools/match-schemas.ts\n`)
    process.exitCode = 1
  } else {
    await mkdir(folder, { recursive: true })
    await writeFile(path, wanted)
  }
}
