import { type ErrorTable, registerErrors } from '../platform/problem.ts'

export const parcelErrors = {
  'parcels.carrier_needed': {
    status: 422,
    zh: '请写明快递公司',
    en: 'Say which carrier takes the parcel',
  },
  'parcels.shipped_otherwise': {
    status: 409,
    zh: '这个订单已经发货，单号是 {trackingNumber}；没有改动',
    en: 'This order was shipped already, with the number {trackingNumber}; nothing was changed',
  },
} satisfies ErrorTable
registerErrors(parcelErrors)
