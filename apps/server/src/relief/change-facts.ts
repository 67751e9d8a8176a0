import type { CaseEdit } from '@chunbo/contract'
import { one, type Queryable, type Value } from '../platform/database.ts'
import { Refusal } from '../platform/problem.ts'
import type { LockedCase } from './lock-case.ts'
import { readProduceClock } from './produce-clock.ts'
import { isRealDay } from './report.ts'
import { stageDue } from './stages.ts'

/** What of a case can be put right, and the column of each. */
const COLUMNS = {
  produceSlug: 'produce_slug',
  grams: 'grams',
  harvestTo: 'harvest_to',
  pickedOn: 'picked_on',
  floorFenPerKg: 'floor_fen_per_kg',
  households: 'households',
  needsCold: 'needs_cold',
  merchantsMax: 'merchants_max',
  storyZh: 'story_zh',
  storyEn: 'story_en',
} as const
type Fact = keyof typeof COLUMNS
export type FactChanges = Omit<CaseEdit, 'version'>

/** Facts that the matching reads: when one of them changes, merchants may fit that did not. */
const MATCHED: readonly Fact[] = [
  'produceSlug',
  'grams',
  'harvestTo',
  'pickedOn',
  'floorFenPerKg',
  'needsCold',
  'merchantsMax',
]
/** A harvest is no longer than this; the table says the same. */
const HARVEST_DAYS_MAX = 400

function checkDays({ harvestFrom }: LockedCase, { harvestTo, pickedOn }: FactChanges): void {
  for (const day of [harvestTo, pickedOn]) {
    if (day && !isRealDay(day)) throw new Refusal('relief.day_unreal', { day })
  }
  if (harvestTo === undefined) return
  const lastsDays = (Date.parse(harvestTo) - Date.parse(harvestFrom)) / 86_400_000
  if (lastsDays < 0 || lastsDays > HARVEST_DAYS_MAX) throw new Refusal('relief.day_unreal', { day: harvestTo })
}

/**
 * Puts facts of a locked case right and sets its clocks anew: the produce's by the new facts, and that of the stage unless it
 * was already missed. The version stays: the caller's act raises it once.
 * @returns for each fact that is other than before what it was and is, and whether the matching reads one of them.
 * @throws Refusal relief.day_unreal, relief.produce_unknown
 */
export async function changeFacts(tx: Queryable, locked: LockedCase, changes: FactChanges) {
  checkDays(locked, changes)
  const facts = (Object.keys(COLUMNS) as Fact[]).filter((fact) => changes[fact] !== undefined)
  if (facts.length === 0) return { changed: {}, isMatched: false }
  if (changes.produceSlug !== undefined) {
    const known = await tx.query('select from produce where slug = $1', [changes.produceSlug])
    if (known.length === 0) throw new Refusal('relief.produce_unknown')
  }
  const columns = facts.map((fact) => `${COLUMNS[fact]} as "${fact}"`).join(', ')
  const before = one(
    await tx.query<Record<string, unknown>>(`select ${columns} from relief_cases where id = $1`, [locked.id]),
  )
  const spoilsAt = await readProduceClock(tx, {
    produceSlug: changes.produceSlug ?? locked.produceSlug,
    harvestTo: changes.harvestTo ?? locked.harvestTo,
    pickedOn: changes.pickedOn === undefined ? locked.pickedOn : changes.pickedOn,
    needsCold: changes.needsCold ?? locked.needsCold,
  })
  const due = locked.escalated > 0 ? locked.stageDue : stageDue(locked.stage, locked.stageSince, spoilsAt)
  const values: Value[] = [locked.id, spoilsAt, due, ...facts.map((fact) => changes[fact] ?? null)]
  const sets = facts.map((fact, index) => `${COLUMNS[fact]} = $${index + 4}`).join(', ')
  await tx.query(`update relief_cases set spoils_at = $2, stage_due = $3, ${sets} where id = $1`, values)
  const changed = Object.fromEntries(
    facts
      .filter((fact) => before[fact] !== changes[fact])
      .map((fact) => [fact, [before[fact] ?? null, changes[fact] ?? null]]),
  )
  return { changed, isMatched: MATCHED.some((fact) => fact in changed) }
}
