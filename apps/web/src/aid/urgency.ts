import type { AidItem } from '@chunbo/contract/aid'

/** How urgent a harvest is, in words that are honest and not shrill. Hours from now. */
export type AidTone = 'gone' | 'ended' | 'over' | 'hours' | 'days' | 'keeps'

const DAY_H = 24

/** `leftG` in grams, `hoursLeft` null for what keeps. A closed case with something left has ended, not sold out. */
export function toneOf(item: Pick<AidItem, 'stage' | 'leftG' | 'hoursLeft' | 'from'>): AidTone {
  if (item.leftG === 0) return 'gone'
  if (item.stage === 'closed' || item.stage === 'expired') return 'ended'
  if (item.hoursLeft === null) return 'keeps'
  if (item.hoursLeft === 0) return 'over'
  return item.hoursLeft < 3 * DAY_H ? 'hours' : 'days'
}

/** What share of the listed grams is sold, from 0 to 1. */
export const soldShare = (item: Pick<AidItem, 'listedG' | 'soldG'>): number =>
  item.listedG === 0 ? 0 : Math.min(1, item.soldG / item.listedG)
