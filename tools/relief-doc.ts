/**
 * Draws the stages of a relief case into docs/relief.md from apps/server/src/relief/stages.ts: `node tools/relief-doc.ts`. With --check it
 * only says whether the drawing is what it should be (exit code 1 if not). Everything outside the two marks is left alone.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { RELIEF_STAGES } from '@chunbo/contract/relief'
import { stages } from '../apps/server/src/relief/stages.ts'

const path = fileURLToPath(new URL('../docs/relief.md', import.meta.url))
const [start, end] = ['<!-- stages: drawn by node tools/relief-doc.ts -->', '<!-- /stages -->']

/** Minutes in words: 120 as 2 h. */
const span = (minutes: number) => (minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`)

function drawStages(): string {
  const arrows = RELIEF_STAGES.flatMap((from) => stages[from].next.map((to) => `    ${from} --> ${to}`))
  const ends = RELIEF_STAGES.filter((stage) => stages[stage].next.length === 0).map((stage) => `    ${stage} --> [*]`)
  const rows = RELIEF_STAGES.map((stage) => {
    const { owner, minutes, next } = stages[stage]
    const time = owner === null ? '' : minutes === null ? "until the produce's clock ends" : span(minutes)
    return `| ${stage} | ${owner ?? ''} | ${time} | ${next.join(', ')} |`
  })
  return [
    start,
    '```mermaid',
    'stateDiagram-v2',
    '    [*] --> reported',
    ...arrows,
    ...ends,
    '```',
    '',
    '| stage | owner | has | then |',
    '|---|---|---|---|',
    ...rows,
    end,
  ].join('\n')
}

const current = await readFile(path, 'utf8')
const [from, to] = [current.indexOf(start), current.indexOf(end)]
if (from < 0 || to < from) throw new Error(`docs/relief.md has lost its marks ${start} and ${end}`)
const wanted = current.slice(0, from) + drawStages() + current.slice(to + end.length)
if (!process.argv.includes('--check')) await writeFile(path, wanted)
else if (current !== wanted) {
  process.stderr.write('docs/relief.md is out of date: run node tools/relief-doc.ts\n')
  process.exitCode = 1
}
