import type { Place } from '@chunbo/contract/basics'
import { shortNameZh } from '@chunbo/contract/place-name'
import { fullName, shortSpelled } from './spelled-names.ts'

/** A short name for a card: "景东彝族自治县" -> "景东" or "Jingdong", "云南省" -> "云南"; a name of one sign keeps its ending. */
export function shortName(name: string): string {
  const spelled = shortSpelled(name)
  if (spelled !== null) return spelled
  return shortNameZh(name)
}

/** "云南 · 景东" for a card. */
export function placeShort(place: Place): string {
  return `${shortName(place.province)} · ${shortName(place.county)}`
}

/** "云南省 普洱市 景东彝族自治县", "Yunnan Pu'er Jingdong Yi Autonomous County"; a prefecture that only repeats the province or county is left out. */
export function placeLong(place: Place): string {
  return [...new Set([place.province, place.prefecture, place.county])]
    .filter((part) => part !== '')
    .map(fullName)
    .join(' ')
}
