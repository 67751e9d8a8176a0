import { availableParallelism } from 'node:os'
import { type Figure, figure } from '../figures.ts'
import { runChild } from './run-child.ts'
import { type CountySum, countyRatios } from './season/judge.ts'
import type { DeskSeason, SeasonTold } from './season-child.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)

/** All seasons, on two cores at a time where there are two: a season is counted in grams and not in seconds. */
async function runSeasons(seeds: number): Promise<SeasonTold[]> {
  const cores = Math.min(2, availableParallelism())
  const shares = Array.from({ length: cores }, (_, core) =>
    Array.from({ length: seeds }, (_, n) => n + 1).filter((seed) => seed % cores === core),
  ).filter((share) => share.length > 0)
  const told = await Promise.all(shares.map((share, core) => runChild<SeasonTold>('season-child.ts', share, core)))
  return told.flat().sort((a, b) => a.seed - b.seed)
}

function sumCounties(seasons: readonly DeskSeason[]): Map<number, CountySum> {
  const sums = new Map<number, CountySum>()
  for (const [county, { arrivedG, spoiledG }] of seasons.flatMap(({ counties }) => counties)) {
    const sum = sums.get(county) ?? { arrivedG: 0, spoiledG: 0 }
    sums.set(county, { arrivedG: sum.arrivedG + arrivedG, spoiledG: sum.spoiledG + spoiledG })
  }
  return sums
}

/**
 * Grams spoiled beside the greedy desk: of each season, and of the county that fares worst over all seasons together. The runs
 * of `worst_county_ratio` are all counties that count, whose greatest is the figure.
 */
export async function seasonFigures(seeds: number): Promise<Figure[]> {
  const seasons = await runSeasons(seeds)
  for (const { seed, arrivedG, ours, greedy } of seasons) {
    const part = ({ spoiledG }: DeskSeason) => `${((100 * spoiledG) / arrivedG).toFixed(1)} %`
    say(`season ${seed}: spoiled ${part(ours)}, greedy ${part(greedy)}`)
  }
  const counties = countyRatios(
    sumCounties(seasons.map(({ ours }) => ours)),
    sumCounties(seasons.map(({ greedy }) => greedy)),
  )
  for (const { county, ratio } of counties.slice(0, 3)) say(`county ${county}: ${ratio.toFixed(3)} of greedy's spoiled`)
  const ratios = seasons.map(({ ours, greedy }) => ours.spoiledG / greedy.spoiledG)
  const worst = figure('worst_county_ratio', 'ratio', [counties[0]?.ratio ?? 0])
  return [
    figure('spoiled_ratio_to_greedy', 'ratio', ratios),
    { ...worst, runs: counties.map(({ ratio }) => Number(ratio.toPrecision(4))) },
  ]
}
