/** `npm run bench -- <name> [--json]`: one benchmark, in data folders and on ports of its own. */
import { printFigures } from './figures.ts'

const benches: Readonly<
  Record<string, () => Promise<{ run(options: string[]): Promise<import('./figures.ts').Figure[]> }>>
> = {
  orders: () => import('./orders.ts'),
  matching: () => import('./matching.ts'),
  rooms: () => import('./rooms.ts'),
  start: () => import('./start.ts'),
  video: () => import('./video.ts'),
}

const [name = '', ...options] = process.argv.slice(2)
const load = benches[name]
if (load === undefined) {
  process.stderr.write(`usage: npm run bench -- <${Object.keys(benches).join('|')}> [--json]\n`)
  process.exit(2)
}
const bench = await load()
const figures = await bench.run(options.filter((option) => option !== '--json'))
printFigures(name, figures, options.includes('--json'))
