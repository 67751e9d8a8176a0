import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const audienceErrors = {
  'audience.county_unknown': {
    status: 404,
    zh: '没有代码为 {code} 的县',
    en: 'There is no county with the code {code}',
  },
  'audience.already_begun': {
    status: 409,
    zh: '这场直播已经开始或结束，不用提醒了',
    en: 'This show has begun or is over; there is nothing to be reminded of',
  },
  'audience.too_many_reminders': {
    status: 409,
    zh: '最多预约 {max} 场，请先取消几场',
    en: 'You can be reminded of {max} shows at most; take back some first',
  },
  'audience.guardian_needed': {
    status: 403,
    zh: '未满十四周岁，要监护人同意后才能使用，请让家长联系平台',
    en: 'Under 14 this needs the consent of a guardian; please let a parent ask the operator',
  },
  'audience.birth_declared': {
    status: 409,
    zh: '出生年月已经填过，要改请联系平台运营',
    en: 'The month of birth stands already; to put it right, please ask the operator',
  },
  'audience.birth_impossible': {
    status: 422,
    zh: '出生年月不对，请检查',
    en: 'That month of birth cannot be; please check it',
  },
  'audience.user_unknown': { status: 404, zh: '没有这个用户', en: 'There is no such user' },
  'audience.share_busy': {
    status: 503,
    zh: '分享图正在排队，请稍后再试',
    en: 'Too many share pictures are being drawn; try again in a moment',
  },
} satisfies ErrorTable
registerErrors(audienceErrors)
