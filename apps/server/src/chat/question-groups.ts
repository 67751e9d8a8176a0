import type { QuestionIntent } from '@chunbo/contract'
import type { Topic } from './question-topic.ts'
import { type Asked, likeness, pairsOf } from './recognise-question.ts'

/**
 * The questions of one room. A line belongs to a group by what it asks and about which goods, and where the table knows no intent, by how
 * alike it is to the words with which a group began. Those words never change, so where a line belongs does not depend on who came between.
 */

/** From here two questions without a known intent are the same. */
const ALIKE = 0.6
/** Asked again within this time, a question that was answered in writing has its answer; one that was answered by voice has gone by sooner. */
const WRITTEN_HOLDS_MS = 10 * 60_000
const SPOKEN_HOLDS_MS = 2 * 60_000
/** In this time the weight of a question halves. */
const HALF_LIFE_MS = 10 * 60_000
/** Open questions that a room keeps; beyond it the lightest goes. */
export const OPEN_MAX = 500

export type QuestionState = 'open' | 'answered' | 'dismissed'

export interface QuestionLine {
  readonly lineId: string
  readonly userId: number
  readonly name: string
  readonly text: string
  readonly atMs: number
}

export interface QuestionGroup {
  readonly key: string
  /** Null until it is written down. */
  id: number | null
  readonly intent: QuestionIntent
  readonly detail: string
  readonly topic: Topic
  text: string
  /** The words with which it began, and those of questions that were merged into it. */
  readonly samples: ReadonlySet<string>[]
  state: QuestionState
  /** Until when it takes those who ask again, once it is settled. */
  holdsUntilMs: number
  firstAtMs: number
  lastAtMs: number
  /** Everybody once, in the order in which they asked. */
  readonly askers: Map<number, string>
}

/** How much a question weighs: those who asked, halved with every ten minutes since the last one. Comparable at any time. */
export function weightOf(group: Pick<QuestionGroup, 'lastAtMs'> & { askers: { size: number } }): number {
  return Math.log2(group.askers.size) + group.lastAtMs / HALF_LIFE_MS
}

/** The heaviest first; between equals the one that was asked first. */
export function byWeight(one: QuestionGroup, other: QuestionGroup): number {
  return (
    weightOf(other) - weightOf(one) ||
    one.firstAtMs - other.firstAtMs ||
    (one.key < other.key ? -1 : one.key === other.key ? 0 : 1)
  )
}

/** Until when a question that was settled at this time takes those who ask it again. */
export function holdsUntil(settledAtMs: number, state: QuestionState, answer: string): number {
  return settledAtMs + (state === 'answered' && answer === '' ? SPOKEN_HOLDS_MS : WRITTEN_HOLDS_MS)
}

export class QuestionGroups {
  readonly #groups = new Map<string, QuestionGroup>()

  get all(): IterableIterator<QuestionGroup> {
    return this.#groups.values()
  }

  /** Those that wait, the heaviest first. */
  open(): QuestionGroup[] {
    return [...this.#groups.values()].filter(({ state }) => state === 'open').sort(byWeight)
  }

  byId(id: number): QuestionGroup | undefined {
    for (const group of this.#groups.values()) if (group.id === id) return group
    return undefined
  }

  put(group: QuestionGroup): void {
    this.#groups.set(group.key, group)
  }

  remove(group: QuestionGroup): void {
    this.#groups.delete(group.key)
  }

  /**
   * Takes a question into its group, or begins one with `key`. `isNew` says whether this person had not asked it before; `dropped` is an open
   * group that had to go because there were too many.
   */
  take(
    line: QuestionLine,
    asked: Asked,
    topic: Topic,
    key: string,
  ): { group: QuestionGroup; isNew: boolean; dropped: QuestionGroup | null } {
    this.#forget(line.atMs)
    const pairs = pairsOf(line.text)
    const known = this.#find(asked, topic, pairs)
    if (known !== null) {
      const isNew = !known.askers.has(line.userId)
      if (isNew) known.askers.set(line.userId, line.name)
      known.lastAtMs = Math.max(known.lastAtMs, line.atMs)
      return { group: known, isNew, dropped: null }
    }
    const group: QuestionGroup = {
      key,
      id: null,
      ...asked,
      topic,
      text: line.text,
      samples: [pairs],
      state: 'open',
      holdsUntilMs: 0,
      firstAtMs: line.atMs,
      lastAtMs: line.atMs,
      askers: new Map([[line.userId, line.name]]),
    }
    const open = this.open()
    const dropped = open.length >= OPEN_MAX ? (open.at(-1) ?? null) : null
    if (dropped !== null) {
      dropped.state = 'dismissed'
      dropped.holdsUntilMs = 0
    }
    this.#groups.set(key, group)
    return { group, isNew: true, dropped }
  }

  #find(asked: Asked, topic: Topic, pairs: ReadonlySet<string>): QuestionGroup | null {
    let best: QuestionGroup | null = null
    let bestLikeness = 0
    for (const group of this.#groups.values()) {
      if (group.intent !== asked.intent || group.detail !== asked.detail) continue
      if (group.topic.shopId !== topic.shopId || group.topic.skuId !== topic.skuId) continue
      if (asked.intent !== 'other') return group
      const alike = Math.max(...group.samples.map((sample) => likeness(sample, pairs)))
      if (alike < ALIKE || alike <= bestLikeness) continue
      best = group
      bestLikeness = alike
    }
    return best
  }

  /** What is settled and takes nobody any more need not be kept. */
  #forget(nowMs: number): void {
    for (const [key, group] of this.#groups)
      if (group.state !== 'open' && group.id !== null && nowMs >= group.holdsUntilMs) this.#groups.delete(key)
  }
}
