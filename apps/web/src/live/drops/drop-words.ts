import { formatYuan } from '@chunbo/contract/money'
import type { RoomDrop } from '@chunbo/contract/room-parts'
import { pick } from '../../i18n/index.ts'
import type { IconName } from '../../ui/icon-paths.ts'
import { leftText } from '../../ui/when.ts'
import { d } from '../texts-drops.ts'

/** The kind of a drop, and the one line that says what it gives. */
export const DROP_ICONS: Readonly<Record<RoomDrop['kind'], IconName>> = {
  bag: 'star',
  coupon: 'receipt',
  poll: 'signal',
  flash: 'clock',
}

/** "红米 5 公斤 × 3", "减 ¥5 满 ¥50 可用" and the like. */
export function dropLine(drop: RoomDrop): string {
  switch (drop.kind) {
    case 'bag':
      return d('bagFor', { prize: pick(drop.prizeZh, drop.prizeEn), n: drop.prizes })
    case 'coupon':
      return `${d('off', { yuan: formatYuan(drop.offFen) })} ${d('from', { yuan: formatYuan(drop.fromFen) })}`
    case 'poll':
      return pick(drop.questionZh, drop.questionEn)
    case 'flash': {
      const now = `¥${formatYuan(drop.priceFen)}`
      // Equal: no earlier price of the week was higher, and none may be named.
      return drop.wasFen > drop.priceFen ? `${now} ${d('was', { yuan: formatYuan(drop.wasFen) })}` : now
    }
  }
}

/** What stands on its chip: time for a bag or a flash price, how many are left of a coupon. */
export function chipText(drop: RoomDrop, nowMs: number): string {
  if (!drop.open) return d('closed')
  if (drop.kind === 'coupon' && drop.left === 0) return d('noneLeft')
  return leftText(drop.closesAtMs - nowMs)
}
