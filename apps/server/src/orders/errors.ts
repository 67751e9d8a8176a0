import { type ErrorTable, registerErrors } from '../platform/problem.ts'

/** `lineIndex` in the params counts the lines of the checkout that was sent, from 0. */
export const orderErrors = {
  'orders.idempotency_key_needed': {
    status: 400,
    zh: '缺少有效的 Idempotency-Key 请求头（UUID）',
    en: 'The Idempotency-Key header must be a UUID',
  },
  'orders.idempotency_key_reused': {
    status: 409,
    zh: '这次提交的编号已经用于另一份订单，请刷新后重新下单',
    en: 'This idempotency key has already bought other goods; reload and order again',
  },
  'orders.unknown_address': { status: 404, zh: '没有这个收货地址', en: 'There is no such delivery address' },
  'orders.unknown_room': { status: 404, zh: '没有这个直播间', en: 'There is no such room' },
  'orders.unknown_sku': { status: 404, zh: '这家店没有这件商品', en: 'This shop has no such product' },
  'orders.not_on_sale': { status: 409, zh: '这件商品已下架', en: 'This product is not on sale' },
  'orders.price_changed': {
    status: 409,
    zh: '价格已变动，请确认新价格后再下单，未扣款',
    en: 'The price has changed; confirm the new price to order. Nothing was charged',
  },
  'orders.over_limit': {
    status: 409,
    zh: '超过每人限购数量，您还可以买 {packsLeft} 件',
    en: 'Over the limit for each buyer; you may still buy {packsLeft}',
  },
  'orders.sold_out': { status: 409, zh: '库存不足，还剩 {packsLeft} 件', en: 'Not enough in stock; {packsLeft} left' },
  'orders.coupon_unknown': { status: 404, zh: '您没有这张优惠券', en: 'You have no such coupon' },
  'orders.coupon_used': {
    status: 409,
    zh: '这张优惠券已用在另一笔订单上，未扣款，请重新确认金额',
    en: 'This coupon is in another order of yours; nothing was charged, please look at the sum again',
  },
  'orders.coupon_expired': {
    status: 409,
    zh: '这张优惠券已过期，未扣款，请重新确认金额',
    en: 'The time of this coupon is over; nothing was charged, please look at the sum again',
  },
  'orders.coupon_below_minimum': {
    status: 409,
    zh: '这家店的商品金额还没到这张优惠券的使用门槛',
    en: 'The goods of this shop do not come to what the coupon asks for',
  },
  'orders.coupon_not_fitting': {
    status: 409,
    zh: '这张优惠券不能用于这几家店的商品',
    en: 'This coupon is of a shop that you order nothing from',
  },
  'orders.coupon_twice': { status: 409, zh: '每家店的订单只能用一张优惠券', en: 'One coupon for the order of a shop' },
  'orders.coupons_gone': { status: 409, zh: '优惠券已被抢光', en: 'The coupons are all gone' },
  'orders.coupons_closed': { status: 409, zh: '领券时间已过', en: 'The time to take this coupon is over' },
  'orders.no_coupon_offer': { status: 404, zh: '没有这张优惠券可领', en: 'There is no such coupon to take' },
  'orders.busy': {
    status: 503,
    zh: '下单的人太多，请稍等一秒再试，不会重复下单',
    en: 'Too many orders at this moment; try again in a second, nothing is ordered twice',
  },
  'orders.not_found': { status: 404, zh: '没有这个订单', en: 'There is no such order' },
  'orders.not_held': {
    status: 409,
    zh: '订单已不是待付款状态，不能取消',
    en: 'The order is not waiting for payment any more, so it cannot be cancelled',
  },
  'orders.wrong_status': {
    status: 409,
    zh: '订单当前状态不能进行此操作',
    en: 'The order is not in a state in which this can be done',
  },
  'orders.bad_cursor': { status: 400, zh: '翻页位置无效', en: 'The cursor is not one of ours' },
} satisfies ErrorTable
registerErrors(orderErrors)
