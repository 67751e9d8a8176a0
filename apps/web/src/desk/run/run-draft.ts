import type { RunInput, RunItem, RunOfShow } from '@chunbo/contract/show'

/** An item as it is being written; `id` undefined for one that the server does not know yet. */
export interface DraftItem {
  readonly key: string
  readonly id: number | undefined
  titleZh: string
  /** As typed. */
  minutes: string
  script: string
  skuId: number | null
  /** What somebody else wrote into the same item meanwhile. */
  theirs?: RunItem
}

export function draftOf(item: RunItem): DraftItem {
  const { id, titleZh, minutes, script, skuId } = item
  return { key: `item-${id}`, id, titleZh, minutes: String(minutes), script, skuId }
}

const MINUTES_MAX = 180
/** Whole minutes from 1 to 180; undefined for anything else. */
export function readMinutes(text: string): number | undefined {
  const plain = text.normalize('NFKC').trim()
  const n = /^\d{1,3}$/.test(plain) ? Number(plain) : 0
  return n >= 1 && n <= MINUTES_MAX ? n : undefined
}

/** The draft as the API takes it; undefined while a title or a time is missing. */
export function runInput(version: number, items: readonly DraftItem[]): RunInput | undefined {
  const out: RunInput['items'] = []
  for (const { id, titleZh, minutes, script, skuId } of items) {
    const wholeMinutes = readMinutes(minutes)
    if (titleZh.trim() === '' || wholeMinutes === undefined) return undefined
    out.push({ ...(id === undefined ? {} : { id }), titleZh: titleZh.trim(), minutes: wholeMinutes, script, skuId })
  }
  return { version, items: out }
}

const words = ['titleZh', 'minutes', 'script', 'skuId'] as const
function isSame(draft: DraftItem, item: RunItem): boolean {
  const other = draftOf(item)
  return words.every((word) => draft[word] === other[word])
}

/**
 * Brings a draft that was begun at `base` to a newer run of somebody else. The order and what was added here stay; an item that was not
 * touched here takes theirs; one that both changed keeps the words from here and carries theirs beside them; what they added comes behind
 * what it stands behind; what they removed goes unless it was changed here, for no word that was typed is ever lost.
 */
export function mergeDraft(base: RunOfShow, mine: readonly DraftItem[], theirs: RunOfShow): DraftItem[] {
  const before = new Map(base.items.map((item) => [item.id, item]))
  const now = new Map(theirs.items.map((item) => [item.id, item]))
  const merged = mine.flatMap((draft): DraftItem[] => {
    const old = before.get(draft.id ?? 0)
    if (draft.id === undefined || old === undefined) return [draft]
    const newer = now.get(draft.id)
    const touched = !isSame(draft, old)
    if (newer === undefined) return touched ? [{ ...draft, key: `${draft.key}-again`, id: undefined }] : []
    if (!touched) return [draftOf(newer)]
    return isSame(draft, newer) || isSame(draftOf(newer), old) ? [draft] : [{ ...draft, theirs: newer }]
  })
  theirs.items.forEach((item, index) => {
    if (before.has(item.id)) return
    const behind = theirs.items[index - 1]?.id
    const at = behind === undefined ? -1 : merged.findIndex((draft) => draft.id === behind)
    merged.splice(behind !== undefined && at < 0 ? merged.length : at + 1, 0, draftOf(item))
  })
  return merged
}
