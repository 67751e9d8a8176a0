import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const offerErrors = {
  'offers.not_found': { status: 404, zh: '没有这个派单', en: 'There is no such offer' },
  'offers.expired': {
    status: 409,
    zh: '这个派单已经过了时间，已经转给下一家',
    en: 'The time for this offer is over; it has gone on to the next one',
  },
  'offers.answered': {
    status: 409,
    zh: '这个派单已经有了答复，请看最新情况',
    en: 'This offer has been answered already; look at how it stands',
  },
  'offers.too_few': {
    status: 422,
    zh: '最少要接 {leastG} 克',
    en: 'At least {leastG} g have to be accepted',
  },
  'offers.too_many': {
    status: 422,
    zh: '最多能接 {grams} 克',
    en: 'At most {grams} g can be accepted',
  },
  'offers.taken': {
    status: 409,
    zh: '别家快了一步，还剩 {leftG} 克',
    en: 'Somebody was faster; {leftG} g are left',
  },
  'offers.merchants_max': {
    status: 409,
    zh: '这个个案最多分给 {max} 家',
    en: 'This case is divided among at most {max} merchants',
  },
  'offers.case_closed': {
    status: 409,
    zh: '这个个案现在不再找商家',
    en: 'This case no longer looks for merchants',
  },
  'offers.too_late': {
    status: 409,
    zh: '验货已经开始，不能再退，请联系助农专线',
    en: 'The inspection has begun, so this cannot be taken back; please call the relief desk',
  },
  'offers.living': {
    status: 409,
    zh: '这家已经有一个派单在等答复或已接受',
    en: 'This merchant has an offer for the case that waits or is accepted',
  },
  'offers.papers_lapsed': {
    status: 409,
    zh: '这家商家缺有效证件，不能给它派单',
    en: 'This merchant lacks papers that hold, so nothing can be offered',
  },
  'offers.conditions_speak_against': {
    status: 409,
    zh: '这家不满足条件，要逐条确认后才能指定',
    en: 'Conditions speak against this merchant; each has to be acknowledged first',
  },
  'offers.pick_day_past': {
    status: 422,
    zh: '提货日不能早于今天，也不能晚于 14 天后',
    en: 'The day of the pick-up is past or more than 14 days away',
  },
} satisfies ErrorTable
registerErrors(offerErrors)
