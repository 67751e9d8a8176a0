import { type ErrorTable, registerErrors } from '../platform/problem.ts'

const deskErrors = {
  'relief.cursor_invalid': {
    status: 400,
    zh: '翻页位置无效，请从头查看',
    en: 'The place in the list is not valid; start again',
  },
  'relief.not_by_word': {
    status: 409,
    zh: '这一步不能只凭一句话完成，请用它自己的操作',
    en: 'This step needs more than a word; use its own act',
  },
  'relief.case_ended': { status: 409, zh: '个案已经结束，不能再修改', en: 'The case has ended and cannot be changed' },
  'relief.owner_unfit': {
    status: 409,
    zh: '只能交给助农专线的人或这个县的专员',
    en: 'Only people of the relief desk or the commissioner of this county can have it',
  },
  'relief.day_unreal': {
    status: 400,
    zh: '日期不存在或前后颠倒',
    en: 'A day is not in the calendar, or the days are out of order',
  },
  'relief.evidence_picture_unknown': {
    status: 400,
    zh: '有照片没有上传成功，请重新上传',
    en: 'A picture is not there; upload it again',
  },
} satisfies ErrorTable
registerErrors(deskErrors)
