/**
 * SYNTHETIC places. A county keeps its code, but its centre is drawn inside a rough box of its province, by its
 * code alone: the benchmark needs distances that are like China's, not the true ones, and ships no coordinates of anybody's.
 */
import { readFileSync } from 'node:fs'
import { drawOf } from './random.ts'

export interface Place {
  readonly lngE5: number
  readonly latE5: number
}

export interface County extends Place {
  readonly code: number
  readonly listed: boolean
}

/** Rough boxes in whole degrees: west, south, east, north. Inside the province for its greater part, no more is claimed. */
const boxes: Readonly<Record<number, readonly [number, number, number, number]>> = {
  11: [116, 40, 117, 41],
  12: [117, 39, 118, 40],
  13: [114, 37, 118, 41],
  14: [111, 35, 114, 40],
  15: [108, 40, 120, 45],
  21: [120, 40, 125, 43],
  22: [124, 42, 129, 45],
  23: [124, 45, 132, 49],
  31: [121, 31, 122, 32],
  32: [118, 32, 121, 34],
  33: [119, 28, 122, 31],
  34: [116, 30, 119, 34],
  35: [117, 25, 119, 28],
  36: [114, 25, 118, 29],
  37: [116, 35, 121, 37],
  41: [111, 32, 116, 36],
  42: [109, 30, 115, 33],
  43: [110, 25, 114, 29],
  44: [111, 22, 116, 25],
  45: [106, 22, 111, 25],
  46: [109, 18, 111, 20],
  50: [106, 29, 109, 31],
  51: [99, 28, 107, 32],
  52: [104, 25, 109, 28],
  53: [98, 23, 105, 27],
  54: [88, 28, 97, 31],
  61: [106, 33, 110, 38],
  62: [100, 34, 107, 38],
  63: [96, 33, 102, 37],
  64: [105, 36, 107, 39],
  65: [76, 37, 88, 44],
}

/** Where the great markets are: provinces come up as often as they stand here. */
export const marketProvinces: readonly number[] = [
  44, 44, 44, 33, 33, 32, 32, 31, 31, 11, 12, 37, 37, 41, 42, 43, 34, 35, 13, 51, 51, 50, 53, 61, 21,
]

/** Provinces with listed counties; each has markets of its own as well. */
export const sourceProvinces: readonly number[] = [
  13, 14, 15, 22, 23, 34, 36, 41, 42, 43, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65,
]

/** A place inside the province's box that belongs to this name. */
export function placeIn(province: number, name: string | number): Place {
  const [west, south, east, north] = boxes[province] ?? [105, 30, 115, 35]
  const along = (low: number, high: number, axis: string) =>
    Math.round((low + (high - low) * drawOf(province, name, axis)) * 1e5)
  return { lngE5: along(west, east, 'lng'), latE5: along(south, north, 'lat') }
}

/** Every county and city district of the product's own division file that has a province with a box, in the order of the codes. */
export function readCounties(): County[] {
  const codesOf = (name: string, keep: (fields: string[]) => boolean) =>
    readFileSync(new URL(`../../../apps/server/data/${name}`, import.meta.url), 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .filter(keep)
      .map(([code]) => Number(code))
  const listed = new Set(codesOf('listed-counties.csv', () => true))
  return codesOf('divisions.csv', ([, level]) => level === 'county')
    .filter((code) => provinceOf(code) in boxes)
    .sort((a, b) => a - b)
    .map((code) => ({ code, listed: listed.has(code), ...placeIn(provinceOf(code), code) }))
}

export const provinceOf = (code: number) => Math.floor(code / 10_000)
