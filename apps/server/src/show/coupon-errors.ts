import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const couponErrors = {
  'show.coupon_too_big': {
    status: 422,
    zh: '优惠金额最多是使用门槛的一半',
    en: 'A coupon may take off at most half of what it asks for',
  },
  'show.coupon_time': {
    status: 422,
    zh: '优惠券的有效期要晚于领取结束，最长 {days} 天',
    en: 'A coupon must be good for longer than it can be taken, and at most {days} days',
  },
  'show.shop_not_on_shelf': {
    status: 409,
    zh: '这家店没有商品在本场货架上，不能发它的优惠券',
    en: 'This shop has no goods on the shelf of this room, so no coupons of it can be given',
  },
  'show.flash_running': {
    status: 409,
    zh: '这件商品的限时价还没结束',
    en: 'This product has a flash price already',
  },
  'show.practice_gives_nothing': {
    status: 409,
    zh: '彩排中的优惠券不会真的发出',
    en: 'Coupons of a rehearsal are not given out',
  },
} satisfies ErrorTable
registerErrors(couponErrors)
