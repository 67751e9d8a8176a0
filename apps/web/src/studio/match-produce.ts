import type { Produce } from '@chunbo/contract/catalogue'

/** Names for the same thing: a farmer writes 洋芋 where the register says 土豆. */
const SAME: readonly (readonly string[])[] = [
  ['土豆', '马铃薯', '洋芋'],
  ['番茄', '西红柿'],
  ['红薯', '地瓜', '红苕', '甘薯'],
  ['玉米', '苞谷', '包谷'],
  ['豌豆', '青豆'],
  ['荸荠', '马蹄'],
  ['莴笋', '青笋'],
  ['香菜', '芫荽'],
  ['折耳根', '鱼腥草'],
  ['西兰花', '青花菜'],
  ['花菜', '花椰菜', '菜花'],
  ['卷心菜', '圆白菜', '包菜', '莲花白', '甘蓝'],
  ['猕猴桃', '奇异果'],
  ['菠萝', '凤梨'],
]

/** Produce whose Chinese or English name holds what was typed, or its other name, those that begin with it first. */
export function matchProduce(produce: readonly Produce[], typed: string): Produce[] {
  const wanted = typed.normalize('NFKC').trim().toLowerCase()
  if (wanted === '') return [...produce]
  const words = [wanted, ...SAME.filter((names) => names.includes(wanted)).flat()]
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
