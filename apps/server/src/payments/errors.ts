import { type ErrorTable, registerErrors } from '../platform/problem.ts'

export const paymentErrors = {
  'payments.method_off': { status: 409, zh: '这种支付方式没有开通', en: 'This way to pay is not available' },
  'payments.checkout_unknown': { status: 404, zh: '没有这笔待付款的订单', en: 'There is no such checkout to pay' },
  'payments.checkout_expired': {
    status: 409,
    zh: '付款时间已过，订单已取消，未扣款，请重新下单',
    en: 'The time to pay is over and the order has ended; nothing was charged, please order again',
  },
  'payments.checkout_cancelled': {
    status: 409,
    zh: '订单已取消，未扣款',
    en: 'The order was cancelled; nothing was charged',
  },
} satisfies ErrorTable
registerErrors(paymentErrors)
