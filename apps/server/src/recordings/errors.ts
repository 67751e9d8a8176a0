import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const recordingErrors = {
  'recordings.below_law': {
    status: 422,
    zh: '不能短于 {leastDays} 天：带货直播的录像，法规要求从结束起至少保存三年',
    en: 'It cannot be shorter than {leastDays} days: the law asks for three years of every trade show, from its end',
  },
  'recordings.not_found': { status: 404, zh: '没有这场直播的录像', en: 'There is no recording of this show' },
  'recordings.gone': {
    status: 409,
    zh: '这场录像已按规定到期删除，留不住了',
    en: 'This recording was removed when its time was over; it cannot be held any more',
  },
  'recordings.hold_not_found': { status: 404, zh: '没有这条保全', en: 'There is no such hold' },
  'recordings.hold_lifted': { status: 409, zh: '这条保全已经解除了', en: 'This hold has been lifted already' },
} satisfies ErrorTable
registerErrors(recordingErrors)
