import type { RunItem, RunOfShow } from '@chunbo/contract/show'

type Place = Pick<RunOfShow, 'items' | 'current'>

/** Where the run stands: the index of what is on now, or -1 before and after. */
export function currentIndex(run: Place | undefined): number {
  const itemId = run?.current?.itemId
  return itemId === undefined ? -1 : (run?.items.findIndex((item) => item.id === itemId) ?? -1)
}

/** What comes after what is on now; the first before anything is on; undefined at the end. */
export function nextItem(run: Place | undefined): RunItem | undefined {
  return run?.items[currentIndex(run) + 1]
}

/** Minutes of all items. */
export function plannedMinutes(items: readonly { readonly minutes: number }[]): number {
  return items.reduce((sum, item) => sum + item.minutes, 0)
}

/** How much later than planned the show is, in ms, counted by what is on now; below 0 there is time left in the item. */
export function overrunMs(item: { readonly minutes: number }, sinceMs: number, nowMs: number): number {
  return nowMs - sinceMs - item.minutes * 60_000
}

/**
 * When each item is to begin, UTC in ms: from what is on now onwards, or from `startMs` when nothing is. An item that runs over pushes
 * what comes after it. What has been gets undefined.
 */
export function startTimes(run: Place, startMs: number, nowMs: number): (number | undefined)[] {
  const at = currentIndex(run)
  const current = run.items[at]
  const sinceMs = run.current?.sinceMs ?? startMs
  let whenMs = at < 0 ? startMs : sinceMs
  return run.items.map((item, index) => {
    if (index < at) return undefined
    const mineMs = whenMs
    const endMs = mineMs + item.minutes * 60_000
    whenMs = item === current ? Math.max(endMs, nowMs) : endMs
    return mineMs
  })
}
