import { type ErrorTable, registerErrors } from '../platform/problem.ts'

registerErrors({
  'evening.room_not_found': { status: 404, zh: '没有这个直播间', en: 'There is no such room' },
  'evening.not_begun': {
    status: 409,
    zh: '这场直播还没开始，开播以后才有数据',
    en: 'This show has not begun; there are figures once it is on air',
  },
  'evening.pdf_busy': {
    status: 503,
    zh: '正在生成其他报告，请稍等几秒再试',
    en: 'Other reports are being made; try again in a few seconds',
  },
} satisfies ErrorTable)
