import type { ProduceFamily } from './catalogue.ts'

/**
 * What an inspector takes from a batch and measures. The numbers of samples are the steps of GB/T 8855-2008 (ISO 874:1980)
 * for packed fruit and vegetables, 5 of 100 packages to 15 of more than 1,000, with a package taken as 10 kg: the steps are
 * from memory of the standard, the package is ours. What is measured for which family is ours, and so are the sugar steps.
 */

/** Kinds of defects that are counted, by pieces. The first three are serious: one rotten piece spoils the box. */
export const DEFECTS = [
  'rot',
  'mould',
  'foreign',
  'pest',
  'bruise',
  'blemish',
  'shape',
  'wilt',
  'sprout',
  'broken',
] as const
export type Defect = (typeof DEFECTS)[number]
export const SERIOUS_DEFECTS: readonly Defect[] = ['rot', 'mould', 'foreign']

/** Least mean sugar in 0.1 °Brix for each grade. */
export interface SugarSteps {
  readonly special: number
  readonly first: number
  readonly second: number
}

export interface SamplingPlan {
  /** Places or boxes that are opened; one piece of each is measured. */
  readonly samples: number
  /** Pieces looked at for defects, over all samples. */
  readonly pieces: number
  /** Null: sugar says nothing of this family. */
  readonly sugar: SugarSteps | null
  /** Whether the size in mm is measured. */
  readonly size: boolean
  readonly defects: readonly Defect[]
  /** Whether a rapid card for pesticide residue belongs to it. */
  readonly residue: boolean
}

const PIECES_OF_SAMPLE = 10
/** Samples of the largest batch; field names go up to it. */
export const SAMPLES_MAX = 15

/** From how many grams on so many samples are taken. */
const STEPS: readonly (readonly [gramsOver: number, samples: number])[] = [
  [10_000_000, SAMPLES_MAX],
  [5_000_000, 10],
  [3_000_000, 9],
  [1_000_000, 7],
]

/** Operations that a device sends at once, at most. */
export const SYNC_OPS_MAX = 100

/** How many samples a batch of so many grams needs; never fewer for more grams. */
export function samplesOf(grams: number): number {
  return STEPS.find(([over]) => grams > over)?.[1] ?? 5
}

const steps = (special: number, first: number, second: number): SugarSteps => ({ special, first, second })
const fruit = ['rot', 'mould', 'pest', 'bruise', 'blemish', 'shape'] as const
const hard = ['rot', 'mould', 'pest', 'bruise', 'shape', 'sprout'] as const
const green = ['rot', 'foreign', 'pest', 'bruise', 'wilt'] as const
const dry = ['mould', 'foreign', 'pest', 'broken'] as const

type FamilyRule = Omit<SamplingPlan, 'samples' | 'pieces'>
const rule = (
  defects: readonly Defect[],
  size: boolean,
  sugar: SugarSteps | null = null,
  residue = true,
): FamilyRule => ({ sugar, size, defects, residue })

const RULES: Readonly<Record<ProduceFamily, FamilyRule>> = {
  citrus: rule(fruit, true, steps(120, 110, 95)),
  pome: rule(fruit, true, steps(125, 115, 100)),
  stone: rule(fruit, true, steps(120, 110, 95)),
  berry: rule(fruit, false, steps(110, 95, 80)),
  melon: rule(fruit, true, steps(120, 105, 90)),
  tropical: rule(fruit, true, steps(130, 115, 100)),
  fruit: rule(fruit, true, steps(120, 105, 90)),
  tuber: rule(hard, true),
  root: rule(hard, true),
  bulb: rule(hard, true),
  leafy: rule(green, false),
  stem: rule(green, true),
  flower: rule(green, true),
  fruiting: rule(fruit, true),
  gourd: rule(fruit, true),
  pod: rule(['rot', 'foreign', 'pest', 'blemish', 'shape', 'wilt'], true),
  vegetable: rule(green, false),
  mushroom: rule(['rot', 'mould', 'foreign', 'pest', 'broken'], true),
  egg: rule(['rot', 'broken', 'blemish'], false, null, false),
  meat: rule(['rot', 'foreign'], false, null, false),
  nut: rule(dry, false, null, false),
  dried: rule(dry, false, null, false),
  grain: rule(dry, false, null, false),
  beverage: rule(dry, false),
  processed: rule(['mould', 'foreign', 'broken'], false, null, false),
  herb: rule(dry, true),
}

/** What to take and to measure of so many grams; `family` null is a produce that the table does not know. */
export function planOf(family: string | null, grams: number): SamplingPlan {
  const samples = samplesOf(grams)
  return {
    samples,
    pieces: samples * PIECES_OF_SAMPLE,
    ...(RULES[family as ProduceFamily] ?? RULES.vegetable),
  }
}
