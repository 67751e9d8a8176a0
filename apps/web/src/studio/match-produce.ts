import type { Produce } from '@chunbo/contract/catalogue'

/**
 * Produce whose Chinese or English name holds what was typed, those that begin with it first. A few words of everyday speech
 * are known under their other name, since a farmer writes 洋芋 where the register says 土豆.
 */
const OTHER_NAMES: readonly (readonly [spoken: string, registered: string])[] = [
  ['洋芋', '马铃薯'],
  ['土豆', '马铃薯'],
  ['马铃薯', '土豆'],
  ['番茄', '西红柿'],
  ['西红柿', '番茄'],
  ['地瓜', '红薯'],
  ['红苕', '红薯'],
  ['苞谷', '玉米'],
  ['包谷', '玉米'],
  ['青豆', '豌豆'],
  ['花椰菜', '花菜'],
]

export function matchProduce(produce: readonly Produce[], typed: string): Produce[] {
  const wanted = typed.normalize('NFKC').trim().toLowerCase()
  if (wanted === '') return [...produce]
  const words = [wanted, ...OTHER_NAMES.filter(([spoken]) => spoken === wanted).map(([, registered]) => registered)]
  const rank = (item: Produce) => {
    const names = [item.nameZh, item.nameEn.toLowerCase()]
    if (words.some((word) => names.some((name) => name.startsWith(word)))) return 0
    return words.some((word) => names.some((name) => name.includes(word))) ? 1 : 2
  }
  return produce
    .map((item) => ({ item, rank: rank(item) }))
    .filter((entry) => entry.rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .map((entry) => entry.item)
}
