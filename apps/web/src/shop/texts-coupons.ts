import { texts } from '../i18n/index.ts'

/** Words about coupons, in cart, checkout and on their own page. */
export const c = texts({
  coupons: ['优惠券', 'Coupons'],
  coupon: ['优惠券', 'Coupon'],
  rule: ['满 ¥{from} 减 ¥{off}', '¥{off} off, from ¥{from} on'],
  from: ['满 ¥{from} 可用', 'from ¥{from}'],
  use: ['用这张券', 'Use this coupon'],
  near: ['再买 ¥{missing}，可减 ¥{off}', '¥{missing} more takes ¥{off} off'],
  atCheckout: ['结算时减 ¥{off}', '¥{off} off at checkout'],
  discount: ['优惠券', 'Coupon'],
  tab_usable: ['可使用', 'To use'],
  tab_used: ['已使用', 'Used'],
  tab_expired: ['已过期', 'Expired'],
  byState: ['按状态', 'By state'],
  until: ['{when} 前有效', 'Valid until {when}'],
  goUse: ['去使用', 'Use it'],
  seeOrder: ['看订单', 'See the order'],
  none: ['这里还没有优惠券', 'No coupons here'],
  noneText: ['直播间里会发，点一下就能领。', 'They are given out in live rooms; one tap takes one.'],
  borne: ['由店铺优惠', 'Given by the shop'],
})
