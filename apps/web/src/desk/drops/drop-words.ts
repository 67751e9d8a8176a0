import { formatYuan } from '@chunbo/contract/money'
import type { RoomDrop } from '@chunbo/contract/room-parts'
import { pick } from '../../i18n/index.ts'
import type { IconName } from '../../ui/icon-paths.ts'
import { dropText } from './texts-drops.ts'

export const DROP_ICONS: Record<RoomDrop['kind'], IconName> = {
  coupon: 'receipt',
  bag: 'bag',
  poll: 'check',
  flash: 'clock',
}

/** What a drop is, in a line. `goodsTitle` gives the title of a SKU where the desk knows it. */
export function dropTitle(drop: RoomDrop, goodsTitle: (skuId: number) => string): string {
  switch (drop.kind) {
    case 'coupon':
      return dropText('coupon', { from: formatYuan(drop.fromFen), off: formatYuan(drop.offFen) })
    case 'bag':
      return pick(drop.prizeZh, drop.prizeEn)
    case 'poll':
      return pick(drop.questionZh, drop.questionEn)
    case 'flash':
      return goodsTitle(drop.skuId)
  }
}

/** Where it stands: how many took it, are in, or the prices. */
export function dropState(drop: RoomDrop): string {
  switch (drop.kind) {
    case 'coupon':
      return dropText('couponLeft', { taken: drop.total - drop.left, left: drop.left })
    case 'bag':
      return dropText('bagIn', { n: drop.entrants, prizes: drop.prizes })
    case 'poll':
      return dropText('votes', { n: drop.options.reduce((sum, option) => sum + option.votes, 0) })
    case 'flash':
      return dropText('flash', { was: formatYuan(drop.wasFen), now: formatYuan(drop.priceFen) })
  }
}
