import type { Figure } from './figures.ts'
import { gapFigures } from './matching/gaps.ts'
import { proveBounds } from './matching/prove.ts'
import { resolveFigures } from './matching/resolves.ts'
import { seasonFigures } from './matching/seasons.ts'

/**
 * Options: gaps, resolve, season to run only these parts; seeds=N for another number of seasons. `bounds` proves the stored
 * bounds anew and takes hours; `bounds NAME seconds=N` that of one instance for so long.
 */
export async function run(options: string[]): Promise<Figure[]> {
  if (options.includes('bounds')) {
    await proveBounds(options)
    return []
  }
  const parts = options.filter((option) => ['gaps', 'resolve', 'season'].includes(option))
  const wanted = (part: string) => parts.length === 0 || parts.includes(part)
  const seeds = Number(options.find((option) => option.startsWith('seeds='))?.slice(6) ?? 30)
  return [
    ...(wanted('gaps') ? await gapFigures() : []),
    ...(wanted('resolve') ? await resolveFigures() : []),
    ...(wanted('season') ? await seasonFigures(seeds) : []),
  ]
}
